package io.squisher.apps.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FactorizationTest {
    private static double[] gaussian(Random random, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    private static double[] product(double[] first, double[] second, int inputs, int rank, int outputs) {
        double[] product = new double[inputs * outputs];
        for (int i = 0; i < inputs; i++) {
            for (int k = 0; k < rank; k++) {
                for (int j = 0; j < outputs; j++) {
                    product[i * outputs + j] += first[i * rank + k] * second[k * outputs + j];
                }
            }
        }
        return product;
    }

    private static double[] product(LayerMatrix matrix, CompressionMethod method, int rank) {
        Factorization factors = RankCosts.factorization(matrix, method, rank);
        return product(factors.first(rank), factors.second(rank), matrix.inputs(), rank, matrix.outputs());
    }

    private static double loss(LayerMatrix matrix, double[] product) {
        double sum = 0;
        for (int i = 0; i < product.length; i++) {
            double difference = matrix.weights()[i] - product[i];
            sum += matrix.fisher().orElseThrow()[i] * difference * difference;
        }
        return sum / 2;
    }

    @Test
    void theFisherOfARowDecidesWhatIsKept() {
        // Plain: 3 is larger than 2. Weighted: √9 · 2 is larger than √1 · 3.
        LayerMatrix matrix = new LayerMatrix(2, 2, new double[] {3, 0, 0, 2}, Optional.of(new double[] {1, 1, 9, 9}));
        assertArrayEquals(new double[] {3, 0, 0, 0}, product(matrix, CompressionMethod.SVD, 1), 1e-14);
        assertArrayEquals(new double[] {0, 0, 0, 2}, product(matrix, CompressionMethod.FISHER, 1), 1e-14);
        assertEquals(4.5, loss(matrix, product(matrix, CompressionMethod.FISHER, 1)), 1e-13);
        assertEquals(18, loss(matrix, product(matrix, CompressionMethod.SVD, 1)), 1e-13);
    }

    @Test
    void whatIsLostIsTheSmallerSingularValueOfTheWeightedMatrix() {
        // Rows count 1 and 4: [[1, 2], [2 · 3, 2 · 1]], with σ² the roots of s² − 45 s + 100.
        double smaller = (45 - Math.sqrt(45 * 45 - 400)) / 2;
        LayerMatrix matrix = new LayerMatrix(2, 2, new double[] {1, 2, 3, 1}, Optional.of(new double[] {1, 1, 4, 4}));
        assertEquals(smaller / 2, loss(matrix, product(matrix, CompressionMethod.FISHER, 1)), 1e-13);
    }

    @ParameterizedTest
    @EnumSource(CompressionMethod.class)
    void theFullRankIsTheMatrix(CompressionMethod method) {
        long seed = 3;
        Random random = new Random(seed);
        for (int[] size : new int[][] {{7, 4}, {4, 7}, {5, 5}}) {
            double[] fisher = random.doubles(size[0] * size[1]).toArray();
            // A dead input and a dead output.
            Arrays.fill(fisher, 0, size[1], 0);
            for (int i = 0; i < size[0]; i++) {
                fisher[i * size[1]] = 0;
            }
            LayerMatrix matrix =
                    new LayerMatrix(size[0], size[1], gaussian(random, size[0] * size[1]), Optional.of(fisher));
            assertArrayEquals(
                    matrix.weights(), product(matrix, method, Math.min(size[0], size[1])), 1e-10, "seed " + seed);
        }
    }

    @Test
    void eachMethodIsTheBestForTheFisherThatItAssumes() {
        long seed = 11;
        Random random = new Random(seed);
        for (int trial = 0; trial < 20; trial++) {
            double[] rows = random.doubles(9, 0.01, 2).toArray();
            double[] columns = random.doubles(6, 0.01, 2).toArray();
            double[] byRow = new double[54];
            double[] byBoth = new double[54];
            for (int i = 0; i < 54; i++) {
                byRow[i] = rows[i / 6];
                byBoth[i] = rows[i / 6] * columns[i % 6];
            }
            double[] weights = gaussian(random, 54);
            for (int rank = 1; rank < 6; rank++) {
                assertBest(new LayerMatrix(9, 6, weights, Optional.of(byRow)), CompressionMethod.FISHER, rank, seed);
                assertBest(
                        new LayerMatrix(9, 6, weights, Optional.of(byBoth)), CompressionMethod.TWO_SIDED, rank, seed);
            }
        }
    }

    private static void assertBest(LayerMatrix matrix, CompressionMethod best, int rank, long seed) {
        double least = loss(matrix, product(matrix, best, rank));
        for (CompressionMethod other : CompressionMethod.values()) {
            double loss = loss(matrix, product(matrix, other, rank));
            assertTrue(least <= loss * (1 + 1e-9), other + " at rank " + rank + ", seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionMethod.class)
    void theOrderOfInputsAndOutputsDoesNotMatter(CompressionMethod method) {
        Random random = new Random(5);
        int inputs = 6;
        int outputs = 5;
        double[] weights = gaussian(random, inputs * outputs);
        double[] fisher = random.doubles(inputs * outputs).toArray();
        int[] row = {4, 0, 5, 2, 1, 3};
        int[] column = {3, 1, 4, 0, 2};
        double[] movedWeights = new double[weights.length];
        double[] movedFisher = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            int from = row[i / outputs] * outputs + column[i % outputs];
            movedWeights[i] = weights[from];
            movedFisher[i] = fisher[from];
        }
        double[] product = product(new LayerMatrix(inputs, outputs, weights, Optional.of(fisher)), method, 2);
        double[] moved = product(new LayerMatrix(inputs, outputs, movedWeights, Optional.of(movedFisher)), method, 2);
        for (int i = 0; i < moved.length; i++) {
            assertEquals(product[row[i / outputs] * outputs + column[i % outputs]], moved[i], 1e-12);
        }
    }

    @Test
    void withoutAFisherAnywhereAllWeightsCountAlike() {
        double[] weights = gaussian(new Random(8), 20);
        LayerMatrix matrix = new LayerMatrix(5, 4, weights, Optional.of(new double[20]));
        assertArrayEquals(
                product(matrix, CompressionMethod.SVD, 2), product(matrix, CompressionMethod.TWO_SIDED, 2), 1e-12);
    }

    @Test
    void theSquaredErrorFallsWithTheRankAndTheCostsAreThoseOfTheProducts() {
        Random random = new Random(2);
        LayerMatrix matrix = new LayerMatrix(
                12, 9, gaussian(random, 108), Optional.of(random.doubles(108).toArray()));
        var costs = RankCosts.of(matrix);
        costs.forEach((method, ranks) -> {
            double last = Double.POSITIVE_INFINITY;
            for (RankLoss rank : ranks) {
                if (!rank.isWhole()) {
                    double[] product = product(matrix, method, rank.rank());
                    assertEquals(loss(matrix, product), rank.loss().orElseThrow(), 1e-12);
                    assertEquals(rank.rank() * 21L, rank.weights());
                }
                if (!method.needsFisher()) {
                    assertTrue(rank.error() < last);
                    last = rank.error();
                }
            }
            assertEquals(6, ranks.size(), "ranks 1 to 5, and the whole layer");
            assertEquals(new RankLoss(0, 108, java.util.OptionalDouble.of(0), 0), ranks.get(5));
        });
    }

    @Test
    void ofALargeLayerSomeRanksAreOffered() {
        var ranks = RankCosts.ranks(1536, 384);
        assertEquals(307, ranks.get(ranks.size() - 1));
        assertTrue(ranks.size() <= 66 && ranks.get(0) == 1 && ranks.get(1) == 5, ranks.toString());
        assertEquals(java.util.List.of(), RankCosts.ranks(2, 2), "1 × (2 + 2) is no less than 2 × 2");
    }
}
