package io.squisher.tf.training;

import io.squisher.SquisherException;
import io.squisher.tf.graph.Edges;
import io.squisher.tf.graph.Given;
import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.slots.VariableUpdate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.types.TFloat32;

/**
 * A variable and the minibatch gradient that a hand-written update of it uses.
 *
 * @param variable the variable, its handle, or a read of it
 * @param gradient of the variable's shape
 */
public record VariableGradient(Op variable, Operand<TFloat32> gradient) {

    /** The updates that these are, each variable once. */
    static List<VariableUpdate> updates(List<VariableGradient> gradients) {
        List<VariableUpdate> updates = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (VariableGradient given : gradients) {
            VariableUpdate update =
                    Given.notNull(given, "a variable's gradient").update();
            if (!seen.add(update.variable().name())) {
                throw new SquisherException("variable '" + update.variable().name()
                        + "' is given twice; add its gradients" + " up and give the sum");
            }
            updates.add(update);
        }
        return updates;
    }

    private VariableUpdate update() {
        GraphOperation read = Given.operation(variable, "the variable");
        GraphOperation source = read.numOutputs() == 0 ? read : Edges.source(read.output(0));
        if (!GraphVariable.isVariable(source)) {
            throw new SquisherException("'" + read.name() + "' (" + read.type()
                    + ") is no variable; give the variables that" + " the updates change");
        }
        GraphOperation operation = Given.operation(gradient, "the gradient of '" + source.name() + "'");
        if (operation.env() != source.env()) {
            throw new SquisherException(
                    "the gradient of '" + source.name() + "' is of another graph than the variable");
        }
        Output<?> value = gradient.asOutput();
        Shape expected = source.attributes().getAttrShape("shape");
        if (!value.shape().isCompatibleWith(expected)) {
            throw new SquisherException("the gradient of '" + source.name() + "' has the shape " + value.shape()
                    + ", the variable " + expected);
        }
        return new VariableUpdate(GraphVariable.of(source), operation, value);
    }
}
