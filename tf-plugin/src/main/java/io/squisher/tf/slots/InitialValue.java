package io.squisher.tf.slots;

import io.squisher.tf.graph.Edges;
import io.squisher.tf.graph.SessionTensor;
import java.util.OptionalDouble;
import org.tensorflow.GraphOperation;
import org.tensorflow.Tensor;

/** The value that a slot starts from, read off the operation that initialises it. */
final class InitialValue {
    private InitialValue() {}

    /** The one number that fills {@code slot} at the start; empty where the graph computes it in another way. */
    static OptionalDouble of(GraphOperation slot) {
        return slot.consumers().stream()
                .filter(consumer ->
                        consumer.type().equals("Assign") || consumer.type().equals("AssignVariableOp"))
                .filter(assign -> Edges.operation(assign.input(0)).equals(slot))
                .map(assign -> Edges.source(assign.input(1)))
                .map(value -> value.type().equals("Fill") ? Edges.source(value.input(1)) : value)
                .filter(value -> value.type().equals("Const"))
                .mapToDouble(InitialValue::first)
                .findFirst();
    }

    private static double first(GraphOperation constant) {
        try (Tensor value = constant.attributes().getAttrTensor("value")) {
            double[] numbers = SessionTensor.of(constant.name(), value).toDoubles();
            return numbers.length == 0 ? 0 : numbers[0];
        }
    }
}
