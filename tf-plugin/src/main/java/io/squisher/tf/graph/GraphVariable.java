package io.squisher.tf.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * A variable of a graph, by reference ({@code VariableV2}) or by resource ({@code VarHandleOp}).
 *
 * @param operation the variable's own operation
 * @param value an output to fetch it by, which needs nothing fed
 */
public record GraphVariable(GraphOperation operation, Output<?> value) {
    private static final Set<String> BY_REFERENCE = Set.of("Variable", "VariableV2");
    private static final String BY_RESOURCE = "VarHandleOp";

    /** Whether the operation is a variable. */
    public static boolean isVariable(GraphOperation operation) {
        return BY_REFERENCE.contains(operation.type()) || operation.type().equals(BY_RESOURCE);
    }

    /** The variable of such an operation. A resource that the graph never reads gets an operation that reads it. */
    public static GraphVariable of(GraphOperation operation) {
        Output<?> value = operation.type().equals(BY_RESOURCE) ? read(operation) : operation.output(0);
        return new GraphVariable(operation, value);
    }

    /** All variables of a graph, in the graph's order. */
    public static List<GraphVariable> all(Graph graph) {
        // A read that is added must not change the graph under the iterator.
        List<GraphOperation> found = new ArrayList<>();
        graph.operations().forEachRemaining(operation -> {
            if (isVariable(operation)) {
                found.add(operation);
            }
        });
        return found.stream().map(GraphVariable::of).toList();
    }

    /** Whether the variable is a resource rather than a reference. */
    public boolean isResource() {
        return operation.type().equals(BY_RESOURCE);
    }

    /** The name of its operation, under which a checkpoint keeps it. */
    public String name() {
        return operation.name();
    }

    private static Output<?> read(GraphOperation handle) {
        return handle.consumers().stream()
                .filter(consumer -> consumer.type().equals("ReadVariableOp") && consumer.numControlInputs() == 0)
                .findFirst()
                .orElseGet(() -> addRead(handle))
                .output(0);
    }

    private static GraphOperation addRead(GraphOperation handle) {
        DataType type = handle.attributes().getAttrType("dtype");
        return handle.env()
                .opBuilder(
                        "ReadVariableOp",
                        "squisher/" + handle.name() + "/read",
                        handle.env().baseScope())
                .addInput(handle.output(0))
                .setAttr("dtype", type)
                .build();
    }
}
