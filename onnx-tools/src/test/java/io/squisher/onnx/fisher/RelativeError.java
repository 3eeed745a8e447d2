package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;

/** The rule by which the fixtures are compared. */
final class RelativeError {
    private RelativeError() {}

    /** Fails unless {@code actual} has the reference's tensors, each within {@code tolerance}. */
    static void check(String what, Map<String, double[]> reference, Map<String, double[]> actual, double tolerance) {
        assertEquals(reference.keySet(), actual.keySet(), what);
        double largest = reference.values().stream()
                .flatMapToDouble(Arrays::stream)
                .max()
                .orElseThrow();
        reference.forEach((name, expected) -> {
            double[] seen = actual.get(name);
            assertEquals(expected.length, seen.length, what + " " + name);
            double most = Arrays.stream(expected).max().orElse(0);
            for (int i = 0; i < expected.length; i++) {
                double error;
                double limit = tolerance;
                if (most <= 1e-14 * largest) {
                    error = seen[i] / largest;
                    limit = 1e-7;
                } else if (expected[i] > 1e-6 * most) {
                    error = Math.abs(seen[i] - expected[i]) / expected[i];
                } else {
                    error = Math.abs(seen[i] - expected[i]) / most;
                }
                assertTrue(
                        error <= limit,
                        what + ", tensor '" + name + "', element " + i + ": " + seen[i] + ", reference " + expected[i]);
            }
        });
    }

    /**
     * Fails unless every element is within {@code tolerance} of the largest of its tensor. A tensor that is 0 up to
     * rounding is measured against the largest of all.
     */
    static void checkAgainstLargest(
            String what, Map<String, double[]> reference, Map<String, double[]> actual, double tolerance) {
        assertEquals(reference.keySet(), actual.keySet(), what);
        double largest = reference.values().stream()
                .flatMapToDouble(Arrays::stream)
                .max()
                .orElseThrow();
        reference.forEach((name, expected) -> {
            double most = Math.max(1e-7 * largest, Arrays.stream(expected).max().orElse(0));
            for (int i = 0; i < expected.length; i++) {
                double difference = Math.abs(actual.get(name)[i] - expected[i]);
                assertTrue(difference <= tolerance * most, what + ", tensor '" + name + "', element " + i);
            }
        });
    }
}
