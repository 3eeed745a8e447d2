package io.squisher.apps.topk;

import static io.squisher.apps.Fixtures.floats;
import static io.squisher.apps.Fixtures.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopKTest {
    private static long kept(Selection selection, Map<String, Tensor> scores) {
        return scores.keySet().stream()
                .mapToLong(name -> Arrays.stream(selection.keep(name).toLongs()).sum())
                .sum();
    }

    @Test
    void selectsAcrossTensors() {
        Map<String, Tensor> scores = new LinkedHashMap<>();
        scores.put("a", vector(1, 5, 0));
        scores.put("b", vector(4, 2));
        Selection selection = TopK.select(scores, 3);
        assertTrue(selection.threshold() > 1 && selection.threshold() <= 2);
        assertArrayEquals(new long[] {0, 1, 0}, selection.keep("a").toLongs());
        assertArrayEquals(new long[] {1, 1}, selection.keep("b").toLongs());
    }

    @Test
    void givesTheLastPlacesToTheFirstTies() {
        Map<String, Tensor> scores = new LinkedHashMap<>();
        scores.put("a", vector(3, 7, 3));
        scores.put("b", vector(3, 3));
        assertArrayEquals(new long[] {1, 1, 1}, TopK.select(scores, 4).keep("a").toLongs());
        assertArrayEquals(new long[] {1, 0}, TopK.select(scores, 4).keep("b").toLongs());
        assertArrayEquals(new long[] {1, 1, 0}, TopK.select(scores, 2).keep("a").toLongs());
        assertArrayEquals(new long[] {0, 0}, TopK.select(scores, 2).keep("b").toLongs());
    }

    /** More elements than one thread takes at a time, in float32 as files have them. */
    @Test
    void countsTiesOverManyRangesToTheElement() {
        int size = 2_500_000;
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = i % 3;
        }
        Map<String, Tensor> scores = new LinkedHashMap<>();
        scores.put("a", floats(2, 0.5f));
        scores.put("b", floats(values));
        long wanted = 1 + 833_333 + 700_000;
        Selection selection = TopK.select(scores, wanted);
        assertEquals(wanted, kept(selection, scores));
        assertEquals(1, selection.threshold());
        long[] keep = selection.keep("b").toLongs();
        int last = 3 * 699_999 + 1;
        assertEquals(1, keep[last]);
        assertEquals(0, keep[last + 3]);
    }

    @Test
    void selectsNothingAndEverything() {
        Map<String, Tensor> scores = Map.of("a", vector(0, 0, 1));
        assertEquals(0, kept(TopK.select(scores, 0), scores));
        assertEquals(3, kept(TopK.select(scores, 3), scores));
        assertEquals(2, kept(TopK.select(scores, 2), scores));
    }

    @Test
    void tellsNeighbouringNumbersApart() {
        double one = 1e-300;
        double next = Math.nextUp(one);
        Map<String, Tensor> scores = Map.of("a", vector(one, next, one, Double.MIN_VALUE));
        Selection selection = TopK.select(scores, 1);
        assertArrayEquals(new long[] {0, 1, 0, 0}, selection.keep("a").toLongs());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithSortingAtAnyCount(long seed) {
        Random random = new Random(seed);
        double[] values =
                random.doubles(50_000).map(x -> Math.exp(40 * (x - 0.5))).toArray();
        for (int i = 0; i < 20_000; i++) {
            values[random.nextInt(values.length)] = random.nextInt(3);
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        Map<String, Tensor> scores = Map.of("a", vector(values));
        for (int k : new int[] {1, 2, 777, 25_000, 49_999}) {
            Selection selection = TopK.select(scores, k);
            String message = "seed " + seed + " k " + k;
            assertTrue(sorted[sorted.length - k] >= selection.threshold(), message);
            assertTrue(sorted[sorted.length - k - 1] <= selection.threshold(), message);
            assertEquals(k, kept(selection, scores), message);
            long[] keep = selection.keep("a").toLongs();
            for (int i = 0; i < values.length; i++) {
                assertTrue(keep[i] == 0 || values[i] >= sorted[sorted.length - k], message + " at " + i);
            }
        }
    }
}
