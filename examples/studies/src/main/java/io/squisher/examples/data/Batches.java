package io.squisher.examples.data;

import java.util.Arrays;
import java.util.Random;

/** Minibatches of one size without end: every epoch in a new order, what is left of it at its end dropped. */
public final class Batches {
    private final LabelledImages images;
    private final int size;
    private final Random random;
    private int[] order = {};
    private int position;

    /** Batches of {@code size} images, or of all where there are fewer. */
    public Batches(LabelledImages images, int size, long seed) {
        this.images = images;
        this.size = Math.min(size, images.size());
        this.random = new Random(seed);
    }

    public LabelledImages next() {
        if (position + size > order.length) {
            order = Shuffle.order(images.size(), random);
            position = 0;
        }
        position += size;
        return images.at(Arrays.copyOfRange(order, position - size, position));
    }
}
