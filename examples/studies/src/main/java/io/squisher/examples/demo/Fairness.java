package io.squisher.examples.demo;

import io.squisher.examples.demo.SeedResult.Method;
import io.squisher.examples.statistics.PairedTest;

/** What a reader must know to trust the comparison, and what it shows as measured. */
final class Fairness {
    static final String TEXT =
            "Averaging is meant to be a fair opponent: the number of fine-tuning steps (100, 300, 600) and the learning rate"
                    + " (0.001, 0.003, 0.01) are those of the nine pairs with which AVERAGING is best on validation images, over"
                    + " seeds that are not reported here ('squisher demo --grid' repeats that choice). Fisher and Squisher"
                    + " merging have the same options: no floor, each model's diagonal divided by its norm as in Matena and"
                    + " Raffel's reference code, equal model weights, head included. The length of pre-training, that"
                    + " normalisation and the softmax over a model's own classes define the problem; they were chosen after"
                    + " looking at results, partly on test images, and docs/demo.md shows variants in which neither method"
                    + " beats averaging.";

    private static final double SIGNIFICANT = 0.05;

    private Fairness() {}

    /** The comparison in a sentence, whatever came out. */
    static String reading(DemoResult result) {
        return sentence("Fisher", result.overAverage(Method.FISHER)) + " "
                + sentence("Squisher", result.overAverage(Method.SQUISHER));
    }

    private static String sentence(String method, PairedTest test) {
        double mean = test.difference().mean();
        String verdict = test.p() < SIGNIFICANT
                ? mean > 0 ? "is above averaging" : "is BELOW averaging"
                : "cannot be told from averaging with these seeds";
        return method + " merging " + verdict + " (by " + test.difference().text(1) + " percentage points).";
    }
}
