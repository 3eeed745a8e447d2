package io.squisher.tf.slots;

import io.squisher.SquisherException;
import io.squisher.tf.graph.Edges;
import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.Scalar;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.tensorflow.GraphOperation;
import org.tensorflow.Session;

/**
 * What all variables of one optimizer have in common: its kind, decay, start value and step count.
 *
 * @param rule the optimizer's row in the table
 * @param decay the decay of its moving average; empty for a running sum
 * @param counter the variable that the step is worked out from; empty where the graph has none
 * @param initialValue what the accumulators started from
 */
public record OptimizerState(
        AccumulatorRule rule, Optional<Scalar> decay, Optional<Scalar> counter, double initialValue) {

    /**
     * The common state of {@code variables}.
     *
     * @throws SquisherException if they are trained by optimizers of different kinds, decays or counters
     */
    public static OptimizerState of(List<TrainedVariable> variables) {
        OptimizerState first = of(variables.get(0));
        for (TrainedVariable variable : variables) {
            OptimizerState other = of(variable);
            if (!other.isLike(first)) {
                throw new SquisherException("variables '" + variables.get(0).name() + "' and '" + variable.name()
                        + "' are trained by different optimizers ("
                        + new TreeSet<>(List.of(first.rule.optimizer(), other.rule.optimizer()))
                        + " or other settings); attach to each by its training operation");
            }
        }
        return first;
    }

    private boolean isLike(OptimizerState other) {
        return rule.optimizer().equals(other.rule.optimizer())
                && decay.equals(other.decay)
                && counter.equals(other.counter)
                && initialValue == other.initialValue;
    }

    private static OptimizerState of(TrainedVariable variable) {
        GraphOperation apply = variable.apply();
        AccumulatorRule rule = variable.rule();
        Optional<Scalar> decay = rule.estimate() instanceof Estimate.MovingAverage average
                ? Optional.of(Scalar.behind(apply.input(average.decayInput())))
                : Optional.empty();
        OptionalDouble initial =
                InitialValue.of(Edges.operation(variable.accumulator().value()));
        return new OptimizerState(rule, decay, counter(apply, rule.step()), initial.orElse(rule.initialValue()));
    }

    private static Optional<Scalar> counter(GraphOperation apply, StepSource source) {
        int input;
        if (source instanceof StepSource.Power power) {
            input = power.input();
        } else if (source instanceof StepSource.Counter counter) {
            input = counter.input();
        } else {
            return Optional.empty();
        }
        GraphOperation operation = Edges.source(apply.input(input));
        return GraphVariable.isVariable(operation)
                ? Optional.of(new Scalar.Stored(GraphVariable.of(operation)))
                : Optional.empty();
    }

    /** The decay at this moment, as the float32 that TensorFlow computes with, widened. */
    public OptionalDouble decay(Session session) {
        return decay.isPresent() ? OptionalDouble.of(decay.get().value(session)) : OptionalDouble.empty();
    }

    /** The steps taken so far, where the graph tells. */
    public OptionalLong step(Session session) {
        if (counter.isEmpty()) {
            return OptionalLong.empty();
        }
        double counted = counter.get().value(session);
        return rule.step() instanceof StepSource.Power
                ? StepCount.fromPower((float) counted, (float) decay(session).orElseThrow())
                : OptionalLong.of((long) counted);
    }
}
