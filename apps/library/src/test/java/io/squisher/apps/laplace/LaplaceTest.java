package io.squisher.apps.laplace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The formulas of the posterior and of calibration, against numbers computed by hand and against drawn weights. */
class LaplaceTest {
    private static final Posterior POSTERIOR = new Posterior(100, 0.5, 2);

    @Test
    void thePrecisionIsScaledCountedAndHasThePrior() {
        assertEquals(0.5 * 100 * 0.04 + 2, POSTERIOR.precision(0.04), 1e-15);
        assertThrows(SquisherException.class, () -> new Posterior(0, 1, 1));
        assertThrows(SquisherException.class, () -> new Posterior(1, 1, Double.NaN));
    }

    @Test
    void variancesOfTheLastLayerAreThoseOfDrawnWeights() {
        LastLayer layer = new LastLayer(new double[][] {{0.1, 0}, {0.2, 1}}, new double[] {0.3, 0});
        double[] h = {2, -1};
        // 4/7 + 1/2 + 1/17 and 4/12 + 1/52 + 1/2.
        double[] variances = layer.variances(new double[][] {h}, POSTERIOR)[0];
        assertArrayEquals(new double[] {4 / 7.0 + 1 / 2.0 + 1 / 17.0, 4 / 12.0 + 1 / 52.0 + 1 / 2.0}, variances, 1e-15);
        long seed = 9;
        Random random = new Random(seed);
        double sum = 0;
        int draws = 200_000;
        for (int i = 0; i < draws; i++) {
            double logit = h[0] * random.nextGaussian() / Math.sqrt(7)
                    + h[1] * random.nextGaussian() / Math.sqrt(2)
                    + random.nextGaussian() / Math.sqrt(17);
            sum += logit * logit / draws;
        }
        assertEquals(variances[0], sum, 0.02 * variances[0], "seed " + seed);
    }

    @Test
    void withoutVarianceProbabilitiesAreTheModels() {
        Predictions predictions = new Predictions(new double[][] {{1, 3}}, new int[] {1});
        double[] plain = predictions.probabilities(1.0)[0];
        assertEquals(1 / (1 + Math.exp(-2)), plain[1], 1e-15);
        assertArrayEquals(plain, predictions.probabilities(new double[][] {{0, 0}})[0], 1e-15);
        double[] wide = predictions.probabilities(new double[][] {{8 / Math.PI * 3, 8 / Math.PI * 3}})[0];
        assertArrayEquals(predictions.probabilities(2.0)[0], wide, 1e-15);
        assertArrayEquals(new double[] {1, 0}, Predictions.softmax(2000, 0));
    }

    @Test
    void calibrationByHand() {
        double[][] probabilities = {{0.9, 0.1}, {0.8, 0.2}, {0.3, 0.7}, {0.95, 0.05}};
        Calibration calibration = Calibration.of(probabilities, 0, 1, 1, 0);
        assertEquals(-(Math.log(0.9) + Math.log(0.2) + Math.log(0.7) + Math.log(0.95)) / 4, calibration.nll(), 1e-15);
        assertEquals(0.75, calibration.accuracy());
        // Bins of 1/15: 0.9 in the fourteenth, 0.8 in the thirteenth, 0.7 in the eleventh, 0.95 in the last.
        assertEquals((0.1 + 0.8 + 0.3 + 0.05) / 4, calibration.ece(), 1e-15);
        assertEquals(new Calibration.Bin(0.7, 1, 1), calibration.bins().get(0));
        assertEquals(
                List.of(1L, 1L, 1L, 1L),
                calibration.bins().stream().map(Calibration.Bin::count).toList());
    }

    @Test
    void temperatureFindsTheFactorThatLogitsWereMultipliedWith() {
        long seed = 4;
        Random random = new Random(seed);
        int count = 20_000;
        double[][] logits = new double[count][3];
        int[] labels = new int[count];
        for (int n = 0; n < count; n++) {
            for (int k = 0; k < 3; k++) {
                logits[n][k] = random.nextGaussian();
            }
            double[] p = Predictions.softmax(logits[n]);
            double u = random.nextDouble();
            labels[n] = u < p[0] ? 0 : u < p[0] + p[1] ? 1 : 2;
            for (int k = 0; k < 3; k++) {
                logits[n][k] *= 2.5;
            }
        }
        Predictions predictions = new Predictions(logits, labels);
        double temperature = Temperature.fit(predictions);
        assertEquals(2.5, temperature, 0.12, "seed " + seed);
        Calibration before = Calibration.of(predictions.probabilities(1.0), labels);
        Calibration after = Calibration.of(predictions.probabilities(temperature), labels);
        assertEquals(before.accuracy(), after.accuracy());
        assertTrue(after.ece() < 0.02 && before.ece() > 0.1, before + " " + after);
    }

    @Test
    void refusesPredictionsWithoutLabels() {
        assertEquals(
                "predictions need one label for each, and at least one: there are 0 predictions and 0 labels",
                assertThrows(SquisherException.class, () -> new Predictions(new double[0][], new int[0]))
                        .getMessage());
    }
}
