package io.squisher.examples.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class HolmTest {
    /** By hand: sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2 and 1, the last raised to the one before it. */
    @Test
    void theSmallestIsMultipliedByTheNumberOfTests() {
        assertArrayEquals(new double[] {0.03, 0.06, 0.06, 0.02}, Holm.adjusted(0.01, 0.04, 0.03, 0.005), 1e-12);
    }

    @Test
    void whatIsNoTestDoesNotCount() {
        assertArrayEquals(new double[] {Double.NaN, 0.02, 0.99}, Holm.adjusted(Double.NaN, 0.01, 0.99), 1e-12);
    }

    @Test
    void nothingIsAboveOne() {
        assertArrayEquals(new double[] {1, 1}, Holm.adjusted(0.6, 0.9), 1e-12);
    }
}
