package io.squisher.tf.slots;

import io.squisher.tf.graph.GraphVariable;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * A variable that an optimizer trains, with the accumulator it keeps for it.
 *
 * @param variable the parameter
 * @param accumulator the optimizer's variable with the squared gradients
 * @param apply the operation that applies the update
 * @param rule how that operation is read
 */
public record TrainedVariable(
        GraphVariable variable, GraphVariable accumulator, GraphOperation apply, AccumulatorRule rule) {

    /** The parameter's name: that of its variable's operation. */
    public String name() {
        return variable.name();
    }

    /** The minibatch gradient that the update uses. */
    public Output<?> gradient() {
        return apply.input(rule.gradient());
    }
}
