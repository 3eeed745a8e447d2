package io.squisher.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherDiagonal;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** Compares diagonals. */
final class Distance {
    private Distance() {}

    /** Tensors below this, beside the largest, are rounding alone: a bias before a softmax has no gradient. */
    private static final double NOTHING = 1e-10;

    /** Fails unless each tensor is within {@code relative} of the other's, by Euclidean norms. */
    static void requireBelow(double relative, FisherDiagonal expected, FisherDiagonal seen, String what) {
        assertEquals(expected.names(), seen.names(), what);
        double largest = expected.tensors().values().stream()
                .mapToDouble(tensor -> norm(tensor.toDoubles()))
                .max()
                .orElseThrow();
        for (String name : expected.names()) {
            double[] a = expected.tensors().get(name).toDoubles();
            double[] b = seen.tensors().get(name).toDoubles();
            assertEquals(a.length, b.length, what + ", " + name);
            double squares = 0;
            for (int i = 0; i < a.length; i++) {
                squares += (a[i] - b[i]) * (a[i] - b[i]);
            }
            double error = Math.sqrt(squares) / Math.max(norm(a), NOTHING * largest);
            assertTrue(error <= relative, what + ", " + name + ": " + error + ", at most " + relative);
        }
    }

    /**
     * Fails unless each element is within {@code relative} of the reference's, by the rule of the reference cases: elements far below the
     * tensor's largest are measured by that one, and tensors that are rounding alone by the largest of all.
     */
    static void requireReference(double relative, Map<String, double[]> reference, FisherDiagonal seen, String what) {
        assertEquals(reference.keySet(), Set.copyOf(seen.names()), what);
        double largest =
                reference.values().stream().mapToDouble(Distance::largest).max().orElseThrow();
        reference.forEach((name, expected) -> {
            double[] values = seen.tensors().get(name).toDoubles();
            assertEquals(expected.length, values.length, what + ", " + name);
            double most = largest(expected);
            boolean nothing = most <= 1e-14 * largest;
            for (int i = 0; i < expected.length; i++) {
                double scale = nothing ? largest : expected[i] > 1e-6 * most ? expected[i] : most;
                double limit = nothing ? 1e-7 : relative;
                double error = Math.abs(values[i] - expected[i]) / scale;
                assertTrue(error <= limit, what + ", " + name + "[" + i + "]: " + error + ", at most " + limit);
            }
        });
    }

    private static double largest(double... values) {
        return Arrays.stream(values).max().orElse(0);
    }

    private static double norm(double... values) {
        return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
    }

    /** Fails unless all bits are the same. */
    static void requireNone(FisherDiagonal expected, FisherDiagonal seen) {
        assertEquals(expected.names(), seen.names());
        for (String name : expected.names()) {
            assertArrayEquals(
                    expected.tensors().get(name).toDoubles(),
                    seen.tensors().get(name).toDoubles(),
                    0,
                    name);
        }
    }
}
