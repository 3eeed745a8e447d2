package io.squisher.apps.laplace;

import static io.squisher.apps.Fixtures.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MarginalLikelihoodTest {
    private static MarginalLikelihood of(double[] weights, double... fisher) {
        return new MarginalLikelihood(Map.of("w", vector(weights)), Map.of("w", vector(fisher)));
    }

    @Test
    void oneWeightHasTheRootOfAQuadraticEquation() {
        // h = 6, θ = 0.5: h / (h + δ) = δ θ², so δ² + 6 δ − 24 = 0.
        double expected = -3 + Math.sqrt(9 + 24);
        assertEquals(expected, of(new double[] {0.5}, 3).prior(2, 1), 1e-9 * expected);
        assertEquals(expected, of(new double[] {0.5}, 1).prior(2, 3), 1e-9 * expected, "scale and Fisher multiply");
    }

    @Test
    void weightsThatTheDataDoNotReachCountForNothing() {
        // The second weight is at 0 where the prior has it, and has no Fisher.
        assertEquals(
                of(new double[] {0.5}, 3).prior(2, 1),
                of(new double[] {0.5, 0}, 3, 0).prior(2, 1),
                1e-9);
        // All determined: γ = P, δ = P / Σ θ².
        assertEquals(2 / 5.0, of(new double[] {1, 2}, 1e9, 1e9).prior(1000, 1), 1e-6);
    }

    @Test
    void noOtherPrecisionHasALargerEvidence() {
        long seed = 7;
        Random random = new Random(seed);
        double[] weights = random.doubles(50, -1, 1).toArray();
        double[] fisher = random.doubles(50, -6, 1).map(Math::exp).toArray();
        MarginalLikelihood evidence = of(weights, fisher);
        double found = evidence.prior(100, 0.5);
        double largest = evidence.logEvidence(new Posterior(100, 0.5, found));
        for (double exponent = -6; exponent <= 6; exponent += 0.05) {
            double other = evidence.logEvidence(new Posterior(100, 0.5, Math.pow(10, exponent)));
            assertTrue(other <= largest + 1e-9, "10^" + exponent + ", seed " + seed);
        }
        double squares = 0;
        for (double weight : weights) {
            squares += weight * weight;
        }
        double determined = evidence.determined(new Posterior(100, 0.5, found));
        assertEquals(found * squares, determined, 1e-6 * determined, "MacKay's fixed point");
    }

    @Test
    void refusesWhereNoPrecisionIsBest() {
        assertTrue(assertThrows(SquisherException.class, () -> of(new double[] {0, 0}, 1, 1))
                .getMessage()
                .endsWith("the sum of the squared weights is 0.0; give --prior"));
        assertTrue(assertThrows(SquisherException.class, () -> of(new double[] {1, 2}, 0, 0))
                .getMessage()
                .endsWith("the Fisher is 0 everywhere; give --prior"));
    }
}
