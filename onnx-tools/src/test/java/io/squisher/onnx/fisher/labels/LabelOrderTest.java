package io.squisher.onnx.fisher.labels;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.onnx.data.Examples;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LabelOrderTest {
    private static boolean isInRuns(long... labels) {
        Examples examples = Examples.of("d.npz", Map.of("y", Tensor.of(Shape.of(labels.length), labels)));
        return LabelOrder.isInRuns(new LabelArray(examples, "y", Shape.of()));
    }

    @Test
    void sortedLabelsAreInRuns() {
        assertTrue(isInRuns(LongStream.range(0, 40_000).map(i -> i / 4000).toArray()));
        assertTrue(isInRuns(LongStream.range(0, 60).map(i -> i / 6).toArray()));
        assertTrue(isInRuns(LongStream.range(0, 60).map(i -> i / 30).toArray()));
    }

    @Test
    void randomOnesOneClassAndFewAreNot() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            assertFalse(isInRuns(random.longs(50, 0, 3).toArray()), "seed " + seed);
            assertFalse(isInRuns(random.longs(20_000, 0, 10).toArray()), "seed " + seed);
        }
        assertFalse(isInRuns(new long[500]));
        assertFalse(isInRuns(LongStream.range(0, 500).toArray()), "each its own");
        assertFalse(isInRuns(0, 0, 0, 1, 1, 1));
    }
}
