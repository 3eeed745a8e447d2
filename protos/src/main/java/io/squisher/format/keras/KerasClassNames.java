package io.squisher.format.keras;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What Keras makes of a class's name where it needs one for a group or a layer: {@code conv2d}, {@code p_re_lu}. */
final class KerasClassNames {
    private KerasClassNames() {}

    /** In snake case, as Keras 3 writes it. */
    static String snake(String className) {
        return snake(className, "[a-z]+");
    }

    /** The ways in which versions write it; Keras 2 lets digits go on with a word: {@code my_v2layer} for {@code my_v2_layer}. */
    static List<String> snakes(String className) {
        return Stream.of(snake(className), snake(className, "[a-z0-9]+"))
                .distinct()
                .toList();
    }

    private static String snake(String className, String word) {
        // A registered class has its package before it: Custom>Block.
        String own = className.substring(className.lastIndexOf('>') + 1).replaceAll("\\W+", "");
        String snake = own.replaceAll("(.)([A-Z]" + word + ")", "$1_$2")
                .replaceAll("([a-z])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
        return snake.startsWith("_") ? "private" + snake : snake;
    }
}
