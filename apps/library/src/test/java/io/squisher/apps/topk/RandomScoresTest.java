package io.squisher.apps.topk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomScoresTest {
    @Test
    void isUniformAndTheSameFromAnyPlace() {
        double[] scores = RandomScores.of(1, "w", Shape.of(100_000)).toDoubles();
        assertEquals(0.5, Arrays.stream(scores).average().orElseThrow(), 0.005);
        assertTrue(Arrays.stream(scores).allMatch(x -> x > 0 && x <= 1));

        double[] tail = new double[10];
        new ChunkReader(10).read(RandomScores.of(1, "w", Shape.of(100_000)), 99_990, tail);
        assertArrayEquals(Arrays.copyOfRange(scores, 99_990, 100_000), tail);
    }

    @Test
    void dependsOnSeedAndName() {
        double first = RandomScores.of(1, "w", Shape.of(1)).toDoubles()[0];
        assertNotEquals(first, RandomScores.of(2, "w", Shape.of(1)).toDoubles()[0]);
        assertNotEquals(first, RandomScores.of(1, "v", Shape.of(1)).toDoubles()[0]);
    }
}
