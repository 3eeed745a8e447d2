package io.squisher.tf.graph;

import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** Steps along the edges of a graph. */
public final class Edges {
    /** Operations that hand on the value of their first input. */
    private static final Set<String> PASSING = Set.of("Cast", "Enter", "Identity", "ReadVariableOp", "RefIdentity");

    private Edges() {}

    /** The operation whose value arrives at {@code input}, behind casts, identities and reads of variables. */
    public static GraphOperation source(Output<?> input) {
        GraphOperation operation = operation(input);
        while (PASSING.contains(operation.type())) {
            operation = operation(operation.input(0));
        }
        return operation;
    }

    /** The operation that has this output. */
    public static GraphOperation operation(Output<?> output) {
        return (GraphOperation) output.op();
    }
}
