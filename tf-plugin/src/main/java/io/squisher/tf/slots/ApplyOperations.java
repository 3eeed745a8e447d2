package io.squisher.tf.slots;

import io.squisher.SquisherException;
import io.squisher.tf.graph.Edges;
import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.Scalar;
import java.util.Optional;
import org.tensorflow.GraphOperation;

/** Reads TensorFlow's apply operations by the rows of {@link AccumulatorRules}. */
final class ApplyOperations {
    private ApplyOperations() {}

    /**
     * The variable that an apply operation updates, with its accumulator.
     *
     * @throws SquisherException if an input is no variable
     */
    static TrainedVariable read(GraphOperation apply, AccumulatorRule rule) {
        GraphVariable slot = variable(apply, rule.accumulator());
        Optional<Scalar> decay = rule.estimate() instanceof Estimate.MovingAverage average
                ? Optional.of(Scalar.behind(apply.input(average.decayInput())))
                : Optional.empty();
        double initial = InitialValue.of(slot.operation()).orElse(rule.initialValue());
        return new TrainedVariable(
                variable(apply, 0),
                apply,
                apply.input(rule.gradient()),
                new TrainedVariable.Accumulator(
                        slot, rule.optimizer(), rule.slot(), decay, steps(apply, rule.step(), decay), initial));
    }

    /** The update that an apply operation makes. */
    static VariableUpdate update(GraphOperation apply, AccumulatorRule rule) {
        return new VariableUpdate(variable(apply, 0), apply, apply.input(rule.gradient()));
    }

    private static StepReading steps(GraphOperation apply, StepSource source, Optional<Scalar> decay) {
        if (source instanceof StepSource.Power power) {
            return power(Edges.source(apply.input(power.input())), decay.orElseThrow());
        }
        if (source instanceof StepSource.Counter counter) {
            return counter(Edges.source(apply.input(counter.input())));
        }
        return new StepReading.Absent();
    }

    /** The power is a variable, or computed anew in each step from a counter: pow(decay, cast(counter) + 1). */
    private static StepReading power(GraphOperation source, Scalar decay) {
        if (GraphVariable.isVariable(source)) {
            return new StepReading.Power(new Scalar.Stored(GraphVariable.of(source)), decay);
        }
        if (source.type().equals("Pow")) {
            GraphOperation exponent = Edges.source(source.input(1));
            GraphOperation counted = exponent.type().startsWith("Add") ? Edges.source(exponent.input(0)) : exponent;
            if (GraphVariable.isVariable(counted)) {
                return new StepReading.Counter(new Scalar.Stored(GraphVariable.of(counted)), 1);
            }
        }
        return new StepReading.Absent();
    }

    private static StepReading counter(GraphOperation source) {
        if (!GraphVariable.isVariable(source)) {
            return new StepReading.Absent();
        }
        long perStep = source.consumers().stream()
                .filter(add -> add.type().equals("AssignAdd") || add.type().equals("AssignAddVariableOp"))
                .count();
        return new StepReading.Counter(new Scalar.Stored(GraphVariable.of(source)), Math.max(1, perStep));
    }

    private static GraphVariable variable(GraphOperation apply, int input) {
        GraphOperation source = Edges.source(apply.input(input));
        if (!GraphVariable.isVariable(source)) {
            throw new SquisherException(
                    "operation '" + apply.name() + "' (" + apply.type() + ") takes its input " + input
                            + " from '" + source.name() + "' (" + source.type()
                            + "), which is no variable; training inside functions or loops is not supported");
        }
        return GraphVariable.of(source);
    }
}
