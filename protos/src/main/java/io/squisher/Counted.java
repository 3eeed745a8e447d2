package io.squisher;

/** Numbers of things in sentences. */
public final class Counted {
    private Counted() {}

    /** {@code 1 tensor}, {@code 2 tensors}; for words whose plural ends in s. */
    public static String of(long number, String word) {
        return number + " " + word + (number == 1 ? "" : "s");
    }
}
