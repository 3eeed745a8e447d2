package io.squisher.onnx.training.optimizer;

import io.squisher.SquisherException;
import java.util.List;
import java.util.Optional;

/**
 * How a gradient changes a parameter. Formulas are PyTorch's, in float32: the same gradients give the same weights up to
 * rounding.
 */
public sealed interface Optimizer permits Adam, AdamW, RmsProp, Sgd {
    /** The name in provenance. */
    String name();

    /** The learning rate before the schedule's factor, above 0. */
    double learningRate();

    /** The names of what is kept for each parameter, in its shape, 0 before the first step. */
    List<String> slots();

    /** The slot that averages squared gradients; empty where there is none. */
    Optional<String> squares();

    /** The decay of that average; empty where there is none. */
    Optional<Double> squaresDecay();

    /** Whether weight decay shrinks the weights beside the update, and does not go into the gradient. */
    boolean decouplesDecay();

    /** What a step does to a parameter's elements. */
    UpdateRule rule(StepFacts facts);

    /** The settings in words, for logs and for telling whether a resumed run is the same. */
    String description();

    /**
     * Where a training is.
     *
     * @param step the number of this step, from 1 on
     * @param learningRate of this step, after the schedule
     */
    record StepFacts(long step, double learningRate) {}

    /** Refuses a number outside {@code [0, 1)}. */
    static void requireShare(String what, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new SquisherException(what + " is at least 0 and below 1, not " + value);
        }
    }

    /** Refuses a number that is not above 0 and finite. */
    static void requirePositive(String what, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new SquisherException(what + " is a number above 0, not " + value);
        }
    }
}
