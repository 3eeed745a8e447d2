package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NormSketchTest {
    private static final long SEED = 5;

    @Test
    void aSmallTensorIsKeptAsItIs() {
        double[] values = {3, -4};
        assertArrayEquals(values, NormSketch.of(values));
        assertEquals(25, NormSketch.squaredNorm(NormSketch.of(values)));
        assertEquals(2, NormSketch.squaredDistance(NormSketch.of(3, -4), NormSketch.of(2, -3)));
    }

    @Test
    void theNormOfALargeTensorIsEstimated() {
        Random random = new Random(SEED);
        for (int size : new int[] {5_000, 70_000, 1_200_000}) {
            double[] values = random.doubles(size).toArray();
            // As in a Fisher, where few elements make most of the norm.
            double[] heavy = random.doubles(size).map(x -> Math.pow(x, 40)).toArray();
            assertEstimated(values, size);
            assertEstimated(heavy, size);
        }
    }

    private static void assertEstimated(double[] values, int size) {
        double exact = 0;
        for (double value : values) {
            exact += value * value;
        }
        // Five times the standard deviation of the estimate.
        double error = 5 * Math.sqrt(2.0 / NormSketch.BUCKETS);
        assertEquals(1, NormSketch.squaredNorm(NormSketch.of(values)) / exact, error, size + ", seed " + SEED);
    }

    @Test
    void anArrayAndATensorHaveTheSameBits() {
        double[] values = new Random(SEED).doubles(1_200_000).toArray();
        assertArrayEquals(NormSketch.of(values), NormSketch.of(Tensor.of(Shape.of(1200, 1000), values)));
    }

    @Test
    void theSketchOfADifferenceIsTheDifferenceOfTheSketches() {
        Random random = new Random(SEED);
        double[] a = random.doubles(9_000).toArray();
        double[] b = random.doubles(9_000).toArray();
        double[] difference = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        assertEquals(
                NormSketch.squaredNorm(NormSketch.of(difference)),
                NormSketch.squaredDistance(NormSketch.of(a), NormSketch.of(b)),
                1e-9);
    }
}
