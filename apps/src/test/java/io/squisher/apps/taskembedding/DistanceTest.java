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
        assertEquals(0, Distance.CORRELATION.between(new double[] {1, 2, 3}, new double[] {2, 4, 6}), 1e-12);
        assertEquals(2, Distance.CORRELATION.between(new double[] {1, 2, 3}, new double[] {3, 2, 1}), 1e-12);
        // 1/a = (1, ½), 1/b = (½, 1): cos = 1 / 1.25.
        assertEquals(0.2, Distance.NORMALIZED_COSINE.between(new double[] {1, 2}, new double[] {2, 1}), 1e-12);
    }

    @ParameterizedTest
    @EnumSource(Distance.class)
    void isZeroToItselfBoundedAndWithoutACommonScale(Distance distance) {
        Random random = new Random(17);
        double[] a = random.doubles(50).toArray();
        double[] b = random.doubles(50).toArray();
        double[] smallA = Arrays.stream(a).map(x -> x * 1e-20).toArray();
        double[] smallB = Arrays.stream(b).map(x -> x * 1e-20).toArray();
        assertEquals(0, distance.between(a, a), 1e-12);
        assertTrue(distance.between(a, b) > 0);
        assertEquals(distance.between(a, b), distance.between(smallA, smallB), 1e-9);
        if (distance != Distance.ASYMMETRIC_KL) {
            assertEquals(distance.between(a, b), distance.between(b, a), 1e-9);
        }
        if (distance == Distance.COSINE || distance == Distance.NORMALIZED_COSINE) {
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
