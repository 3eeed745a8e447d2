package io.squisher.apps.quantization.number;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightedClustersTest {
    private static double cost(double[] values, double[] weights, double... centres) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double least = Double.POSITIVE_INFINITY;
            for (double centre : centres) {
                least = Math.min(least, (values[i] - centre) * (values[i] - centre));
            }
            sum += weights[i] * least;
        }
        return sum;
    }

    /** The best of all ways to put values into clusters, one after the other. */
    private static double best(double[] values, double[] weights, int[] clusters, int at, int k) {
        if (at == values.length) {
            double sum = 0;
            for (int c = 0; c < k; c++) {
                double mass = 0;
                double moment = 0;
                for (int i = 0; i < at; i++) {
                    mass += clusters[i] == c ? weights[i] : 0;
                    moment += clusters[i] == c ? weights[i] * values[i] : 0;
                }
                for (int i = 0; i < at && mass > 0; i++) {
                    double distance = values[i] - moment / mass;
                    sum += clusters[i] == c ? weights[i] * distance * distance : 0;
                }
            }
            return sum;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < k; c++) {
            clusters[at] = c;
            least = Math.min(least, best(values, weights, clusters, at + 1, k));
        }
        return least;
    }

    @Test
    void isAsGoodAsTheBestOfAllPartitions() {
        long seed = 3;
        Random random = new Random(seed);
        for (int trial = 0; trial < 60; trial++) {
            int n = 1 + random.nextInt(7);
            double[] values = random.doubles(n, -1, 1).toArray();
            double[] weights =
                    random.doubles(n, 0, 1).map(w -> w < 0.2 ? 0 : w * w).toArray();
            if (Arrays.stream(weights).allMatch(w -> w == 0)) {
                continue;
            }
            int k = 1 + random.nextInt(3);
            double[] centres = WeightedClusters.centres(values, weights, k);
            assertTrue(centres.length <= k);
            double expected = best(values, weights, new int[n], 0, k);
            assertEquals(expected, cost(values, weights, centres), 1e-12, "seed " + seed + ", trial " + trial);
        }
    }

    @Test
    void weightsPullTheCentres() {
        // (1·0 + 3·1)/4 and 10.
        assertArrayEquals(
                new double[] {0.75, 10},
                WeightedClusters.centres(new double[] {1, 10, 0}, new double[] {3, 0.5, 1}, 2),
                1e-15);
    }

    @Test
    void fewDifferentValuesAreTheirOwnCentres() {
        assertArrayEquals(
                new double[] {-1, 2}, WeightedClusters.centres(new double[] {2, -1, 2}, new double[] {1, 1, 1}, 4));
    }

    @Test
    void withoutAnyWeightAllValuesCountAlike() {
        assertArrayEquals(
                new double[] {0.5, 9}, WeightedClusters.centres(new double[] {0, 1, 9}, new double[3], 2), 1e-15);
    }

    @Test
    void farFromZeroNothingCancels() {
        // Two pairs at a distance of 1e-6, a million from 0: squares of the values themselves would drown it.
        double[] values = {1e6, 1e6 + 1e-6, 1e6 + 1, 1e6 + 1 + 1e-6};
        double[] centres = WeightedClusters.centres(values, new double[] {1, 1, 1, 1}, 2);
        assertEquals(1e6 + 0.5e-6, centres[0], 2e-10);
        assertEquals(1e6 + 1 + 0.5e-6, centres[1], 2e-10);
    }
}
