package io.squisher.examples.reproduce.text.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RankQualityTest {
    private static final Map<String, Double> SCORES = Map.of("a", 60.0, "b", 80.0, "c", 70.0);

    @Test
    void theReciprocalRankIsThatOfTheTrulyBest() {
        assertEquals(1, RankQuality.reciprocalRank(List.of("b", "a", "c"), SCORES));
        assertEquals(1.0 / 3, RankQuality.reciprocalRank(List.of("a", "c", "b"), SCORES));
    }

    /** Gains are 0, 1 and 1/2; by hand (1/2 / log2 3 + 1 / log2 4) over (1 + 1/2 / log2 3). */
    @Test
    void gainsCountLessFurtherDown() {
        assertEquals(1, RankQuality.ndcg(List.of("b", "c", "a"), SCORES), 1e-12);
        double half = 0.5 / (Math.log(3) / Math.log(2));
        assertEquals((half + 0.5) / (1 + half), RankQuality.ndcg(List.of("a", "c", "b"), SCORES), 1e-12);
    }

    @Test
    void whereAllBroughtTheSameThereIsNoOrder() {
        assertEquals(Double.NaN, RankQuality.ndcg(List.of("a", "b"), Map.of("a", 1.0, "b", 1.0)));
    }
}
