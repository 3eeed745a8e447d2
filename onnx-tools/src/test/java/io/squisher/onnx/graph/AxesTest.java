package io.squisher.onnx.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Compared with shapes written down from the standard's text. */
class AxesTest {
    private static final long[] DIMS = {2, -1, 5};

    @Test
    void negativeAxesAreCountedFromTheEnd() {
        assertEquals(2, Axes.fromFirst(-1, 3));
        assertEquals(0, Axes.fromFirst(-3, 3));
        assertEquals(1, Axes.fromFirst(1, 3));
    }

    @Test
    void axesAreReversedWhereNoPermutationIsGiven() {
        assertArrayEquals(new int[] {2, 1, 0}, Axes.permutation(Attributes.NONE, 3));
        Attributes given = Attributes.NONE.with("perm", new long[] {1, 2, 0});
        assertArrayEquals(new int[] {1, 2, 0}, Axes.permutation(given, 3));
        assertArrayEquals(new long[] {-1, 5, 2}, Axes.permuted(DIMS, Axes.permutation(given, 3)));
    }

    @Test
    void theInversePermutationLeadsBack() {
        int[] permutation = {1, 2, 0};
        assertArrayEquals(new int[] {2, 0, 1}, Axes.inverse(permutation));
        assertArrayEquals(DIMS, Axes.permuted(Axes.permuted(DIMS, permutation), Axes.inverse(permutation)));
    }

    @Test
    void onesArePutInWhereTheResultHasThem() {
        assertArrayEquals(new long[] {1, 2, -1, 1, 5}, Axes.unsqueezed(DIMS, 0, 3));
        assertArrayEquals(new long[] {2, -1, 5, 1}, Axes.unsqueezed(DIMS, -1));
        assertArrayEquals(new long[] {2, 1, -1, 5}, Axes.unsqueezed(DIMS, -3));
    }

    @Test
    void namedAxesAreTakenOut() {
        assertArrayEquals(new long[] {2, 5}, Axes.squeezed(DIMS, 1));
        assertArrayEquals(new long[] {-1}, Axes.squeezed(DIMS, -1, 0));
        assertArrayEquals(DIMS, Axes.squeezed(DIMS));
    }
}
