package io.squisher.apps.quantization.number;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import org.junit.jupiter.api.Test;

class NormalFloatTest {
    private static final NormalFloat FORMAT = new NormalFloat();

    /** Python: NormalDist().inv_cdf at the quantiles of the paper (offset 0.9677083), divided by the largest. */
    private static final double[] QUANTILES = {
        -1.0,
        -0.6961928906037204,
        -0.5250730386952294,
        -0.39491749069931,
        -0.2844413576181077,
        -0.18477343519288886,
        -0.09104999214427932,
        0.0,
        0.07958032909416937,
        0.1609301727049362,
        0.24611229392993592,
        0.33791519352165506,
        0.4407098024131903,
        0.5626169700752374,
        0.7229567278928825,
        1.0
    };

    @Test
    void valuesAreTheQuantilesOfANormalDistribution() {
        for (double quantile : QUANTILES) {
            assertEquals(quantile, FORMAT.nearest(quantile), 2e-7);
        }
        for (int i = 1; i < QUANTILES.length; i++) {
            double middle = (QUANTILES[i - 1] + QUANTILES[i]) / 2;
            assertEquals(QUANTILES[i - 1], FORMAT.nearest(middle - 1e-6), 2e-7);
            assertEquals(QUANTILES[i], FORMAT.nearest(middle + 1e-6), 2e-7);
        }
    }

    @Test
    void aGroupIsScaledByItsLargestWeight() {
        // Two groups of 32 along the second axis: largest 4 and 0.5.
        float[] values = new float[64];
        values[0] = -4;
        values[1] = 2.9f;
        values[32] = 0.5f;
        values[33] = 0.13f;
        Tensor weights = Tensor.of(Shape.of(1, 64), values);
        double[] rounded = weights.toDoubles();
        Candidate.of("nf4-group32").fit(weights, weights, 0).round(0, 64, rounded);
        double[] expected = new double[64];
        expected[0] = -4;
        expected[1] = 4 * 0.7229567;
        expected[32] = 0.5;
        expected[33] = 0.5 * 0.2461123;
        assertArrayEquals(expected, rounded, 1e-6);
    }
}
