package io.squisher.examples.data;

import java.util.Arrays;
import java.util.Random;

/** Images divided at random into those to train on, to choose hyperparameters by, and to report on. */
public record Split(LabelledImages training, LabelledImages validation, LabelledImages test) {
    /**
     * Sixty, twenty and twenty percent of {@code all}.
     *
     * @param seed fixes which
     */
    public static Split of(LabelledImages all, long seed) {
        int[] order = Shuffle.order(all.size(), new Random(seed));
        int fifth = all.size() / 5;
        int training = all.size() - 2 * fifth;
        return new Split(
                all.at(Arrays.copyOf(order, training)),
                all.at(Arrays.copyOfRange(order, training, training + fifth)),
                all.at(Arrays.copyOfRange(order, training + fifth, all.size())));
    }
}
