package io.squisher.onnx.fisher.logits;

import io.squisher.SquisherException;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.GraphValues;
import java.util.function.Consumer;

/**
 * The value of a graph that a likelihood takes: the model's output, or the logits that were found behind it.
 *
 * @param values the graph, with the nodes that rearrange the logits as the model rearranges their probabilities
 * @param value the name of the value, of the output's shape
 * @param proven whether a softmax or sigmoid was found that takes it, so that it holds logits whatever its numbers are
 */
public record LogitOutput(GraphValues values, String value, boolean proven) {
    /** The way out that every refusal names. */
    static final String WAY_OUT = "; name the logits with --output ('squisher inspect --graph MODEL' lists the values),"
            + " or insist with --outputs-are-logits";

    /** The output as it is, for means or because the user says so. */
    public static LogitOutput asIs(GraphValues values, String output) {
        return new LogitOutput(values, output, true);
    }

    /**
     * Looks for the logits behind an output.
     *
     * @param values the graph, with its shapes
     * @param notices told what was left out
     * @throws SquisherException if the output holds probabilities that cannot be taken back to the likelihood's logits
     */
    public static LogitOutput of(GraphValues values, String output, Likelihood likelihood, Consumer<String> notices) {
        requireFloating(values, output);
        if (likelihood instanceof Likelihood.Gaussian) {
            return asIs(values, output);
        }
        int rank = values.shape(output).rank();
        int axis = classAxis(rank, likelihood);
        if (axis >= rank) {
            // The likelihood complains of it.
            return asIs(values, output);
        }
        GraphChange change = new GraphChange(values);
        Finding found = new LogitSearch(values, change).find(output, axis);
        if (found instanceof Finding.Lost lost) {
            throw new SquisherException("the output '" + output + "' holds probabilities of " + lost.activation()
                    + ", and the likelihood " + likelihood.name() + " takes logits, which do not follow from them: "
                    + lost.reason() + WAY_OUT);
        }
        requireClasses(values.shape(output), output, axis);
        if (found instanceof Finding.Logits logits) {
            notices.accept("the output '" + output + "' comes from " + logits.activation()
                    + "; the logits are taken from before it");
            return new LogitOutput(change.finish(logits.value()), logits.value(), true);
        }
        return new LogitOutput(values, output, false);
    }

    private static void requireFloating(GraphValues values, String output) {
        if (!values.isFloating(output)) {
            throw new SquisherException(
                    "the output '" + output + "' holds no floating-point numbers, and has no gradient;"
                            + " choose a value before it with --output ('squisher inspect --graph MODEL' lists them)");
        }
    }

    private static void requireClasses(TensorShape shape, String output, int axis) {
        if (axis != Place.NO_CLASSES && !shape.dim(axis).perExample() && shape.size(axis) == 1) {
            throw new SquisherException("the output '" + output + "' " + shape + " has one class in its axis " + axis
                    + ", which is always right; use --likelihood gaussian for the mean of a regression, bernoulli for a"
                    + " yes/no logit, or choose the axis of the classes with --axis");
        }
    }

    private static int classAxis(int rank, Likelihood likelihood) {
        if (likelihood instanceof Likelihood.Bernoulli) {
            return Place.NO_CLASSES;
        }
        int axis = likelihood instanceof Likelihood.Categorical categorical ? categorical.axis() : -1;
        return axis >= 0 ? axis : axis + rank >= 0 ? axis + rank : Integer.MAX_VALUE;
    }
}
