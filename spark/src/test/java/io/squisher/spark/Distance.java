package io.squisher.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.fisher.FisherDiagonal;
import java.util.Arrays;

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
