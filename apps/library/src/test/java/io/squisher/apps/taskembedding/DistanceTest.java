package io.squisher.apps.taskembedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DistanceTest {
    @Test
    void cosineComparesTheSharesInTheSum() {
        // Shares (1/4, 1/2) and (3/4, 1/2): cos = (3/16 + 4/16) / (√(5/16) · √(13/16)) = 7/√65.
        assertEquals(1 - 7 / Math.sqrt(65), Distance.COSINE.between(new double[] {1, 2}, new double[] {3, 2}), 1e-12);
    }

    @Test
    void cosineLeavesOutWhatNeitherKnows() {
        double[] a = {1, 2, 0};
        double[] b = {3, 2, 0};
        assertEquals(1 - 7 / Math.sqrt(65), Distance.COSINE.between(a, b), 1e-12);
    }

    @Test
    void gaussianDivergencesByHand() {
        // Variances 1 and 1/2: KL(1‖½) = ½(2 − 1 − ln 2), KL(½‖1) = ½(½ − 1 + ln 2).
        double[] a = {1};
        double[] b = {2};
        double there = 0.5 * (1 - Math.log(2));
        double back = 0.5 * (-0.5 + Math.log(2));
        assertEquals(there, Distance.ASYMMETRIC_KL.between(a, b), 1e-12);
        assertEquals(back, Distance.ASYMMETRIC_KL.between(b, a), 1e-12);
        assertEquals(Math.max(there, back), Distance.KL.between(a, b), 1e-12);
        // m = ¾: ¼ (2 ln ¾ − ln 1 − ln ½).
        assertEquals(0.25 * (2 * Math.log(0.75) - Math.log(0.5)), Distance.JSD.between(a, b), 1e-12);
    }

    @Test
    void correlationAndVariancesByHand() {
        // Of the variances: (1, ½, ⅓) and (⅓, ½, 1), whose deviations from the mean 11/18 are (7, -2, -5)/18 and
        // reversed:
        // correlation (-35 + 4 - 35) / (49 + 4 + 25) = -66/78.
        assertEquals(0, Distance.CORRELATION.between(new double[] {1, 2, 3}, new double[] {2, 4, 6}), 1e-12);
        assertEquals(
                1 + 66 / 78.0, Distance.CORRELATION.between(new double[] {1, 2, 3}, new double[] {3, 2, 1}), 1e-12);
        // 1/a = (1, ½), 1/b = (½, 1): cos = 1 / 1.25.
        assertEquals(0.2, Distance.NORMALIZED_COSINE.between(new double[] {1, 2}, new double[] {2, 1}), 1e-12);
    }

    @Test
    void plainCorrelationIsOfTheFishersThemselves() {
        assertEquals(0, Distance.PLAIN_CORRELATION.between(new double[] {1, 2, 3}, new double[] {2, 4, 6}), 1e-12);
        assertEquals(2, Distance.PLAIN_CORRELATION.between(new double[] {1, 2, 3}, new double[] {3, 2, 1}), 1e-12);
    }

    @Test
    void plainAndAsymmetricCosineByHand() {
        assertEquals(
                1 - 7 / Math.sqrt(65), Distance.PLAIN_COSINE.between(new double[] {1, 2}, new double[] {3, 2}), 1e-12);
        // Trivial (2, 2): shares (1/3, 3/5) and (2/3, 2/5), their cosine (2/9 + 6/25) / (√(1/9 + 9/25) √(4/9 + 4/25)).
        double[] a = {1, 3};
        double trivial = 1 - (2 / 9.0 + 6 / 25.0) / Math.sqrt((1 / 9.0 + 9 / 25.0) * (4 / 9.0 + 4 / 25.0));
        double[] b = {3, 1};
        assertEquals(Distance.COSINE.between(a, b) - 0.15 * trivial, Distance.ASYMMETRIC_COSINE.between(a, b), 1e-12);
    }

    @Test
    void entropyByHand() {
        // Shares ¼ and ½: ln 2 minus the mean of H(¼) and ln 2; the group without any gradient does not count.
        double quarter = -0.25 * Math.log(0.25) - 0.75 * Math.log(0.75);
        assertEquals(
                (Math.log(2) - quarter) / 2,
                Distance.ENTROPY.between(new double[] {1, 2, 0}, new double[] {3, 2, 0}),
                1e-12);
        assertEquals(Math.log(2), Distance.ENTROPY.between(new double[] {1, 0}, new double[] {0, 1}), 1e-12);
    }

    @ParameterizedTest
    @EnumSource(Distance.class)
    void isZeroToItselfBoundedAndWithoutACommonScale(Distance distance) {
        Random random = new Random(17);
        double[] a = random.doubles(50).toArray();
        double[] b = random.doubles(50).toArray();
        double[] smallA = Arrays.stream(a).map(x -> x * 1e-20).toArray();
        double[] smallB = Arrays.stream(b).map(x -> x * 1e-20).toArray();
        if (distance != Distance.ASYMMETRIC_COSINE) {
            assertEquals(0, distance.between(a, a), 1e-12);
            assertTrue(distance.between(a, b) > 0);
        }
        assertEquals(distance.between(a, b), distance.between(smallA, smallB), 1e-9);
        double difference = Math.abs(distance.between(a, b) - distance.between(b, a));
        assertEquals(distance.isSymmetric(), difference < 1e-9, distance + " differs by " + difference + ", seed 17");
        if (distance.name().endsWith("COSINE") || distance == Distance.ENTROPY) {
            assertTrue(distance.between(a, b) <= 1);
        }
    }

    @Test
    void cosineChangesWithAFactorOnOneSide() {
        double[] a = {1, 2, 5};
        double[] b = {3, 2, 1};
        double[] scaled = {30, 20, 10};
        assertNotEquals(Distance.COSINE.between(a, b), Distance.COSINE.between(a, scaled), 1e-3);
    }
}
