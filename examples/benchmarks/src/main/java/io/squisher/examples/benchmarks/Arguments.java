package io.squisher.examples.benchmarks;

import java.util.HashMap;
import java.util.Map;

/** A benchmark's arguments, {@code name=value} each. */
final class Arguments {
    private final Map<String, String> values = new HashMap<>();

    Arguments(String... arguments) {
        for (String argument : arguments) {
            int split = argument.indexOf('=');
            if (split < 0) {
                throw new IllegalArgumentException("'" + argument + "' should read name=value");
            }
            values.put(argument.substring(0, split), argument.substring(split + 1));
        }
    }

    int integer(String name, int otherwise) {
        return Integer.parseInt(values.getOrDefault(name, Integer.toString(otherwise)));
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }
}
