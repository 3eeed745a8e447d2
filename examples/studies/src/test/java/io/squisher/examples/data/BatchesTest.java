package io.squisher.examples.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
    @Test
    void showsNoImageTwiceInAnEpoch() {
        LabelledImages images = new LabelledImages(new float[10][1], new int[10]);
        Batches batches = new Batches(images, 3, 5);
        for (int epoch = 0; epoch < 4; epoch++) {
            Set<float[]> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            IntStream.range(0, 3)
                    .forEach(batch -> seen.addAll(List.of(batches.next().images())));
            assertEquals(9, seen.size());
        }
    }

    @Test
    void givesAllImagesWhereThereAreFewerThanABatch() {
        assertEquals(
                2,
                new Batches(new LabelledImages(new float[2][1], new int[2]), 8, 1)
                        .next()
                        .size());
    }
}
