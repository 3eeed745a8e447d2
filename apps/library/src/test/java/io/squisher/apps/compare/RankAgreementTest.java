package io.squisher.apps.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RankAgreementTest {
    private static double spearman(double[] a, double[] b) {
        return RankAgreement.of(a, b, 1).spearman();
    }

    @Test
    void givesTiesTheirAverageRank() {
        // Ranks of a: 1, 2.5, 2.5, 4; of b: 2, 1, 3, 4. Deviations from 2.5 give 3 / sqrt(4.5 · 5).
        double[] a = {1, 2, 2, 9};
        double[] b = {20, 10, 30, 40};
        assertEquals(3 / Math.sqrt(4.5 * 5), spearman(a, b), 1e-12);
    }

    @Test
    void isOneForAnyIncreasingFunctionAndMinusOneForADecreasingOne() {
        double[] a = new Random(7).doubles(1000).toArray();
        double[] grown =
                java.util.stream.DoubleStream.of(a).map(x -> 1e-30 * x * x * x).toArray();
        double[] turned = java.util.stream.DoubleStream.of(a).map(x -> -x).toArray();
        assertEquals(1, spearman(a, grown), 1e-12);
        assertEquals(-1, spearman(a, turned), 1e-12);
    }

    @Test
    void isUndefinedForAConstant() {
        assertTrue(Double.isNaN(spearman(new double[] {1, 1}, new double[] {1, 2})));
    }

    @Test
    void countsTheCommonLargest() {
        double[] a = {9, 8, 7, 1, 1};
        double[] b = {9, 1, 8, 7, 1};
        assertEquals(1, RankAgreement.of(a, b, 1).topOverlap());
        assertEquals(0.5, RankAgreement.of(a, b, 2).topOverlap());
        assertEquals(2 / 3.0, RankAgreement.of(a, b, 3).topOverlap(), 1e-12);
        assertEquals(1, RankAgreement.of(a, b, 5).topOverlap());
    }

    @Test
    void breaksTiesForTheLastPlacesByIndex() {
        double[] equal = {3, 3, 3, 3};
        double[] rising = {1, 2, 3, 4};
        assertEquals(0, RankAgreement.of(equal, rising, 2).topOverlap());
        assertEquals(2 / 3.0, RankAgreement.of(equal, rising, 3).topOverlap(), 1e-12);
    }
}
