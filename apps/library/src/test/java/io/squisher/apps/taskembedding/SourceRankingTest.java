package io.squisher.apps.taskembedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.SquisherException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceRankingTest {
    private static final TaskDistances DISTANCES =
            new TaskDistances(List.of("a", "b", "c"), new double[][] {{0, 0.3, 0.2}, {0.3, 0, 0.1}, {0.2, 0.1, 0}});

    private static TaskEmbedding task(String label, long size) {
        return new TaskEmbedding(label, Map.of(), new double[0], "", size);
    }

    @Test
    void ranksTheNearestOrTheLargestFirst() {
        assertEquals(List.of("c", "b"), new NearestSources(DISTANCES).sourcesFor("a"));
        SourceRanking largest = new LargestSources(List.of(task("a", 10), task("b", 30), task("c", 20)));
        assertEquals(List.of("b", "c"), largest.sourcesFor("a"));
        assertThrows(SquisherException.class, () -> new LargestSources(List.of(task("a", 0))));
    }

    @Test
    void distancesCountFromTheSourceToTheTarget() {
        TaskDistances oneWay =
                new TaskDistances(List.of("a", "b", "c"), new double[][] {{0, 1, 9}, {0.2, 0, 1}, {0.1, 1, 0}});
        assertEquals(List.of("c", "b"), new NearestSources(oneWay).sourcesFor("a"));
    }

    @Test
    void meanReciprocalRankByHand() {
        // a's best source is c, ranked first; b's best is a, ranked second: (1 + ½)/2.
        TransferResults results =
                new TransferResults(Map.of("a", Map.of("b", 0.5, "c", 0.9), "b", Map.of("a", 0.8, "c", 0.7)));
        SourceRanking nearest = new NearestSources(DISTANCES);
        assertEquals(0.75, results.meanReciprocalRank(nearest, DISTANCES.labels()), 1e-12);
        TransferResults strange = new TransferResults(Map.of("z", Map.of("a", 1.0)));
        assertThrows(SquisherException.class, () -> strange.meanReciprocalRank(nearest, DISTANCES.labels()));
    }

    @Test
    void clustersStandTogether() {
        double[][] distances = {{0, 9, 1, 9}, {9, 0, 9, 2}, {1, 9, 0, 9}, {9, 2, 9, 0}};
        assertEquals(List.of(0, 2, 1, 3), CompleteLinkage.order(distances));
    }
}
