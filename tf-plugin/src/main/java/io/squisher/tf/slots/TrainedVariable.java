package io.squisher.tf.slots;

import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.Scalar;
import java.util.Optional;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * A variable that an optimizer trains, with the accumulator that the optimizer keeps for it.
 *
 * @param variable the parameter
 * @param update the operation that changes the parameter; where updates are written by hand, the one that computes the
 *     gradient
 * @param gradient the minibatch gradient that the update uses
 * @param accumulator where the squared gradients are
 */
public record TrainedVariable(
        GraphVariable variable, GraphOperation update, Output<?> gradient, Accumulator accumulator) {

    /**
     * An optimizer's accumulator of squared gradients.
     *
     * @param variable where it is kept
     * @param optimizer the optimizer's name
     * @param slot the accumulator's usual name
     * @param decay the decay of its moving average; empty for a running sum
     * @param steps what tells the step count
     * @param initialValue what it started from
     */
    public record Accumulator(
            GraphVariable variable,
            String optimizer,
            String slot,
            Optional<Scalar> decay,
            StepReading steps,
            double initialValue) {}

    /** The parameter's name: that of its variable's operation. */
    public String name() {
        return variable.name();
    }
}
