package io.squisher.examples.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What one seed gave.
 *
 * @param test accuracy on test images of all ten classes, percent, by {@link Method}
 * @param validation the same on validation images
 */
record SeedResult(
        long seed, Path folder, Map<Method, Double> test, Map<Method, Double> validation, List<FineTuned> models) {
    /** Whose accuracy is measured. */
    enum Method {
        PRE_TRAINED("pre-trained"),
        MODEL_A("model a"),
        MODEL_B("model b"),
        AVERAGE("average"),
        FISHER("Fisher"),
        SQUISHER("Squisher");

        private final String label;

        Method(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }
}
