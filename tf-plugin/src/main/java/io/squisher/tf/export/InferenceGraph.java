package io.squisher.tf.export;

import io.squisher.tf.graph.Edges;
import io.squisher.tf.graph.GraphVariable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** The operations between chosen inputs and outputs, each after those that it needs. */
final class InferenceGraph {
    /** Constants by type, whose value may still change from run to run. */
    private static final String RANDOM = "Random";

    private final Set<Output<?>> inputs;
    private final Set<GraphOperation> ordered = new LinkedHashSet<>();
    private final Set<GraphOperation> varying = new HashSet<>();

    InferenceGraph(List<Output<?>> inputs, List<Output<?>> outputs) {
        this.inputs = Set.copyOf(inputs);
        for (Output<?> output : outputs) {
            visit(output);
        }
    }

    /** Depth first without recursion: networks are deeper than stacks. */
    private void visit(Output<?> output) {
        Deque<GraphOperation> open = new ArrayDeque<>();
        if (!inputs.contains(output)) {
            open.push(Edges.operation(output));
        }
        Set<GraphOperation> entered = new HashSet<>();
        while (!open.isEmpty()) {
            GraphOperation operation = open.peek();
            if (ordered.contains(operation)) {
                open.pop();
            } else if (!entered.add(operation)) {
                open.pop();
                add(operation);
            } else {
                for (int i = operation.numInputs() - 1; i >= 0; i--) {
                    Output<?> input = operation.input(i);
                    GraphOperation source = Edges.operation(input);
                    if (!inputs.contains(input) && !ordered.contains(source) && !entered.contains(source)) {
                        open.push(source);
                    }
                }
            }
        }
    }

    private void add(GraphOperation operation) {
        ordered.add(operation);
        boolean varies = GraphVariable.isVariable(operation)
                || operation.type().startsWith("Placeholder")
                || operation.type().contains(RANDOM);
        for (int i = 0; i < operation.numInputs() && !varies; i++) {
            Output<?> input = operation.input(i);
            varies = inputs.contains(input) || varying.contains(Edges.operation(input));
        }
        if (varies) {
            varying.add(operation);
        }
    }

    /** All operations in order; the inputs' own are not among them. */
    Set<GraphOperation> operations() {
        return ordered;
    }

    /** Whether the operation's outputs depend on an input, a variable or chance. */
    boolean varies(GraphOperation operation) {
        return varying.contains(operation);
    }

    boolean isInput(Output<?> output) {
        return inputs.contains(output);
    }
}
