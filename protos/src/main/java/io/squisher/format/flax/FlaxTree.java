package io.squisher.format.flax;

import io.squisher.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Trees of names, as Flax nests modules. */
final class FlaxTree {
    private static final String PARAMS = "params/";

    private FlaxTree() {}

    static Set<String> keys(Map<?, ?> map) {
        Set<String> keys = new LinkedHashSet<>();
        map.keySet().forEach(key -> keys.add((String) key));
        return keys;
    }

    /** The arrays in a tree by the names on the way, with slashes between. */
    static Map<String, Tensor> leaves(Map<?, ?> tree) {
        Map<String, Tensor> leaves = new LinkedHashMap<>();
        collect("", tree, leaves);
        return leaves;
    }

    private static void collect(String prefix, Map<?, ?> tree, Map<String, Tensor> leaves) {
        tree.forEach((key, value) -> {
            if (value instanceof Tensor tensor) {
                leaves.put(prefix + key, tensor);
            } else if (value instanceof Map<?, ?> inner) {
                collect(prefix + key + "/", inner, leaves);
            }
        });
    }

    /** A parameter's name, without the collection, which some programs give to optax with it. */
    static String parameter(String name) {
        String rest = name;
        while (rest.startsWith(PARAMS)) {
            rest = rest.substring(PARAMS.length());
        }
        return rest;
    }
}
