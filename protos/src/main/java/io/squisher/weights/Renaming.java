package io.squisher.weights;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names of one file under which another file has the same tensors.
 *
 * @param names from a file's own names to the other's; those that stay are not in it
 * @param words what differs, for a note: {@code without the prefix 'module.'}
 */
public record Renaming(Map<String, String> names, String words) {
    public Renaming {
        names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
    }

    /** The other file's name of {@code name}. */
    public String of(String name) {
        return names.getOrDefault(name, name);
    }

    /** The same values under the other names, in order. */
    public <T> Map<String, T> of(Map<String, T> values) {
        Map<String, T> renamed = new LinkedHashMap<>();
        values.forEach((name, value) -> renamed.put(of(name), value));
        return renamed;
    }

    /** The other way. */
    public Map<String, String> inverse() {
        Map<String, String> inverse = new LinkedHashMap<>();
        names.forEach((own, other) -> inverse.put(other, own));
        return inverse;
    }

    /**
     * The other way, for all names of the other file: those that the renaming lacks are changed as its first one, where that is by
     * a beginning, and stay otherwise.
     */
    public Renaming inverseForAll(Collection<String> others) {
        Map<String, String> inverse = inverse();
        Map.Entry<String, String> first = names.entrySet().iterator().next();
        String own = first.getKey();
        String other = first.getValue();
        Map<String, String> all = new LinkedHashMap<>();
        for (String name : others) {
            if (inverse.containsKey(name)) {
                all.put(name, inverse.get(name));
            } else if (own.endsWith(other)) {
                all.put(name, own.substring(0, own.length() - other.length()) + name);
            } else if (other.endsWith(own)) {
                all.put(name, WrapperNames.without(other.substring(0, other.length() - own.length()), name));
            }
        }
        return new Renaming(all, words);
    }
}
