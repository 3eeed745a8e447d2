package io.squisher.onnx.fisher.labels;

import io.squisher.Counted;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.tensor.Shape;
import java.util.stream.IntStream;

/**
 * Which labels a likelihood takes for an output.
 *
 * @param shape of one example's labels
 * @param classes how many classes there are; 0 where labels are no numbers of classes
 */
record LabelRule(Likelihood likelihood, Shape shape, long classes) {
    /** The rule for one example's output. */
    static LabelRule of(Likelihood likelihood, Shape output) {
        if (likelihood instanceof Likelihood.Bernoulli || likelihood instanceof Likelihood.Gaussian) {
            return new LabelRule(likelihood, output, 0);
        }
        int axis = classAxis(likelihood, output);
        long[] dims = IntStream.range(0, output.rank())
                .filter(i -> i != axis)
                .mapToLong(output::dim)
                .toArray();
        return new LabelRule(likelihood, Shape.of(dims), output.dim(axis));
    }

    /** The axis of the classes in one example's output. */
    static int classAxis(Likelihood likelihood, Shape output) {
        int axis = likelihood instanceof Likelihood.Categorical categorical ? categorical.axis() : -1;
        return axis < 0 ? axis + output.rank() : axis - 1;
    }

    boolean takes(double label) {
        if (likelihood instanceof Likelihood.Gaussian) {
            return Double.isFinite(label);
        }
        if (likelihood instanceof Likelihood.Bernoulli) {
            return label >= 0 && label <= 1;
        }
        boolean ignored = likelihood instanceof Likelihood.CategoricalTokens tokens && label == tokens.ignoreIndex();
        return ignored || label == Math.rint(label) && label >= 0 && label < classes;
    }

    /** What is taken, in words. */
    String expectation() {
        if (likelihood instanceof Likelihood.Gaussian) {
            return "and the likelihood gaussian takes finite numbers";
        }
        if (likelihood instanceof Likelihood.Bernoulli) {
            return "and the likelihood bernoulli takes 0 (no), 1 (yes), or a share between them";
        }
        String range = "and the likelihood " + likelihood.name() + " of " + Counted.of(classes, "class", "classes")
                + " takes whole numbers from 0 to " + (classes - 1);
        return likelihood instanceof Likelihood.CategoricalTokens tokens
                ? range + ", or " + tokens.ignoreIndex() + " where none counts (--ignore-index)"
                : range;
    }
}
