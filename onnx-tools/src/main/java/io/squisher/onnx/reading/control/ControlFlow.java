package io.squisher.onnx.reading.control;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.opset.NodeAdapter;
import io.squisher.onnx.reading.opset.OpsetRaiser;
import io.squisher.proto.onnx.GraphProto;
import java.util.Map;
import java.util.Optional;

/** Branches and loops whose course is known when the file is read; gradients pass no others. */
public final class ControlFlow {
    private static final Map<String, NodeAdapter> ADAPTERS = Map.of(
            "If",
            ControlFlow::branch,
            "Loop",
            ControlFlow::loop,
            "Scan",
            (node, raiser) -> repeat(Repetition.ofScan(node, raiser), raiser),
            "SequenceMap",
            ControlFlow::refuse);

    private ControlFlow() {}

    /** The adapter of a node with graphs inside. */
    public static Optional<NodeAdapter> find(Node node, int opset) {
        return node.domain().isEmpty() ? Optional.ofNullable(ADAPTERS.get(node.op())) : Optional.empty();
    }

    private static void loop(Node node, OpsetRaiser raiser) {
        if (!EmbeddingBags.write(node, raiser)) {
            repeat(Repetition.ofLoop(node, raiser), raiser);
        }
    }

    private static void repeat(Repetition repetition, OpsetRaiser raiser) {
        if (!KeptSteps.write(repetition, raiser)) {
            UnrolledSteps.write(repetition, raiser);
        }
    }

    private static void refuse(Node node, OpsetRaiser raiser) {
        throw new SquisherException(
                node + " runs a graph over a sequence, through which this release passes no gradient;"
                        + " export the model with its steps written out");
    }

    private static void branch(Node node, OpsetRaiser raiser) {
        boolean condition = truth(node.input(0), raiser).orElseThrow(() -> undecided(node, raiser));
        GraphProto body = node.attributes()
                .graph(condition ? "then_branch" : "else_branch")
                .orElseThrow(() -> new SquisherException(node + " has no graph for the condition " + condition));
        Inlining inlining = new Inlining(node, raiser, Map.of());
        inlining.constants(body);
        raiser.addAll(inlining.nodes(body.getNodeList()), raiser.opset());
        for (int i = 0; i < node.outputs().size(); i++) {
            inlining.pass(body.getOutput(i).getName(), node.output(i));
        }
    }

    private static SquisherException undecided(Node node, OpsetRaiser raiser) {
        return raiser.cause(node.input(0))
                .map(cause -> new SquisherException(node + " takes its branch by the values of " + cause
                        + ", which may be another one for each example, and no gradient passes; where the examples share that"
                        + " input, name it with --shared; otherwise export the model with the branch decided (for PyTorch:"
                        + " trace it), or choose a value before it with --output"))
                .orElseGet(() -> new SquisherException(node + " depends on the condition '" + node.input(0)
                        + "', which follows from sizes that are not known; export the model with the branch decided, or"
                        + " with the sizes fixed that decide it"));
    }

    /** The condition {@code name}, where it is known. */
    static Optional<Boolean> truth(String name, OpsetRaiser raiser) {
        return raiser.decided(name).map(value -> value.toLongs()[0] != 0);
    }
}
