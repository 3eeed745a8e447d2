package io.squisher.onnx.fisher.labels;

import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.tensor.ElementType;
import java.util.Arrays;

/**
 * What labels that were refused probably are, and the way out.
 *
 * @param labels the array, of which the first examples are looked at
 * @param rule what it broke
 */
record LabelHint(LabelArray labels, LabelRule rule) {
    private static final int ROWS = 256;

    /** In words that end the message, or empty. */
    String of(double label) {
        if (Double.isNaN(label) || rule.likelihood() instanceof Likelihood.Gaussian) {
            return "; leave such examples out";
        }
        double[] first = labels.examples()
                .batch(labels.name(), 0, (int) Math.min(ROWS, labels.examples().count()), ElementType.F64)
                .toDoubles();
        double least = Arrays.stream(first).min().orElse(0);
        double most = Arrays.stream(first).max().orElse(0);
        if (rule.likelihood() instanceof Likelihood.Bernoulli) {
            return least == -1 && most == 1
                    ? "; where -1 says no, make it 0"
                    : "; for numbers of classes use --likelihood categorical, for targets of a regression gaussian";
        }
        if (label != Math.rint(label)) {
            return "; for targets of a regression use --likelihood gaussian";
        }
        if (label == rule.classes() && least >= 1) {
            return "; labels that count from 1 are one too high, subtract it";
        }
        boolean marks = label < 0 && !(rule.likelihood() instanceof Likelihood.CategoricalTokens);
        return marks
                ? "; leave out examples that have no label, or use --likelihood categorical-tokens with --ignore-index"
                        + " where they are tokens"
                : "; for targets of a regression use --likelihood gaussian";
    }
}
