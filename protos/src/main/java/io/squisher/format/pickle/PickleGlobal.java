package io.squisher.format.pickle;

/** A class or function that a pickle names. */
public record PickleGlobal(String module, String name) {
    @Override
    public String toString() {
        return module + "." + name;
    }
}
