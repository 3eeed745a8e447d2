package io.squisher.tf.slots;

import io.squisher.SquisherException;
import io.squisher.tf.slots.TrainedVariable.Accumulator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.tensorflow.Session;

/** What all accumulators of one optimizer have in common: its kind, decay, start value and step count. */
public final class OptimizerState {
    private final Accumulator common;

    private OptimizerState(Accumulator common) {
        this.common = common;
    }

    /**
     * The common state of the optimizer of {@code variables}.
     *
     * @throws SquisherException if they are trained by optimizers of different kinds, decays or counters
     */
    public static OptimizerState of(List<TrainedVariable> variables) {
        Accumulator first = variables.get(0).accumulator();
        for (TrainedVariable variable : variables) {
            Accumulator other = variable.accumulator();
            if (!isLike(first, other)) {
                throw new SquisherException(
                        "variables '" + variables.get(0).name() + "' (" + first.optimizer() + ") and '"
                                + variable.name() + "' (" + other.optimizer()
                                + ") are trained by different optimizers; attach to each by its training operation");
            }
        }
        return new OptimizerState(first);
    }

    private static boolean isLike(Accumulator a, Accumulator b) {
        return a.optimizer().equals(b.optimizer())
                && a.decay().equals(b.decay())
                && a.steps().equals(b.steps())
                && a.initialValue() == b.initialValue();
    }

    /** The optimizer's name. */
    public String optimizer() {
        return common.optimizer();
    }

    /** The accumulator's usual name. */
    public String slot() {
        return common.slot();
    }

    /** What the accumulators started from. */
    public double initialValue() {
        return common.initialValue();
    }

    /** The decay at this moment, as the float32 that TensorFlow computes with, widened; empty for a running sum. */
    public OptionalDouble decay(Session session) {
        return common.decay().isPresent()
                ? OptionalDouble.of(common.decay().get().value(session))
                : OptionalDouble.empty();
    }

    /** The steps taken so far, where the graph tells. */
    public OptionalLong step(Session session) {
        return common.steps().read(session);
    }

    /** Where the step count comes from: {@code beta2_power} or {@code counter}. */
    public String stepSource() {
        return common.steps().label();
    }
}
