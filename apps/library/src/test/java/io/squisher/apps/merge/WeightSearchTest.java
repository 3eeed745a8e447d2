package io.squisher.apps.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightSearchTest {
    @Test
    void theGridRunsFromOneModelToTheOther() {
        List<List<Double>> grid = WeightSearch.grid(2, 51);
        assertEquals(51, grid.size());
        assertEquals(List.of(1.0, 0.0), grid.get(0));
        assertEquals(List.of(0.0, 1.0), grid.get(50));
        assertEquals(0.5, grid.get(25).get(0), 1e-15);
        assertThrows(SquisherException.class, () -> WeightSearch.grid(3, 51));
    }

    @Test
    void randomWeightsCoverTheSimplexAndDependOnTheSeedAlone() {
        List<List<Double>> weights = WeightSearch.random(3, 2000, 9);
        double mean = weights.stream().mapToDouble(w -> w.get(0)).average().orElseThrow();
        // Uniform on the simplex: the marginal is Beta(1, 2), of mean 1/3 and variance 1/18.
        double square = weights.stream()
                .mapToDouble(w -> (w.get(0) - mean) * (w.get(0) - mean))
                .average()
                .orElseThrow();
        assertEquals(1 / 3.0, mean, 0.02, "seed 9");
        assertEquals(1 / 18.0, square, 0.006, "seed 9");
        assertTrue(
                weights.stream().allMatch(w -> Math.abs(w.get(0) + w.get(1) + w.get(2) - 1) < 1e-12 && w.get(2) >= 0));
        assertEquals(weights, WeightSearch.random(3, 2000, 9));
    }

    @Test
    void choosesTheFirstOfTheBest() {
        WeightSearch.Outcome outcome =
                WeightSearch.run(WeightSearch.grid(2, 11), weights -> -Math.abs(weights.get(1) - 0.3));
        assertEquals(0.3, outcome.best().weights().get(1), 1e-12);
        assertEquals(11, outcome.trials().size());
        assertEquals(
                List.of(1.0, 0.0),
                WeightSearch.run(WeightSearch.grid(2, 5), weights -> 7).best().weights());
    }
}
