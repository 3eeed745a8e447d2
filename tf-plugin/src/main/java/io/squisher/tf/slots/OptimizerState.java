package io.squisher.tf.slots;

import io.squisher.tf.slots.TrainedVariable.Accumulator;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.tensorflow.Session;

/** What the accumulators of one optimizer have in common: its kind, decay, start value and step count. */
public final class OptimizerState {
    private final Accumulator common;
    private final List<TrainedVariable> variables;

    private OptimizerState(Accumulator common, List<TrainedVariable> variables) {
        this.common = common;
        this.variables = variables;
    }

    /** The optimizers of {@code variables}, told apart by kind, decay, start value and step counter. */
    public static List<OptimizerState> of(List<TrainedVariable> variables) {
        List<OptimizerState> states = new ArrayList<>();
        for (TrainedVariable variable : variables) {
            states.stream()
                    .filter(state -> isLike(state.common, variable.accumulator()))
                    .findFirst()
                    .orElseGet(() -> {
                        OptimizerState state = new OptimizerState(variable.accumulator(), new ArrayList<>());
                        states.add(state);
                        return state;
                    })
                    .variables
                    .add(variable);
        }
        return states;
    }

    private static boolean isLike(Accumulator a, Accumulator b) {
        return a.optimizer().equals(b.optimizer())
                && a.slot().equals(b.slot())
                && a.decay().equals(b.decay())
                && a.steps().equals(b.steps())
                && a.initialValue() == b.initialValue();
    }

    /** The variables that it trains. */
    public List<TrainedVariable> variables() {
        return List.copyOf(variables);
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
