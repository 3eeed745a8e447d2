package io.squisher.onnx.reading.control;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.opset.OpsetRaiser;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a Loop out, step by step. Inputs: greatest number of steps, first condition, state; the body takes the step's
 * number, the condition and the state, and gives condition, state and what is stacked over the steps.
 */
final class LoopUnrolling {
    /** A longer loop would be a graph that no session loads in reasonable time. */
    private static final long LONGEST = 1024;

    private static final int CARRIED = 2;

    private final Node node;
    private final OpsetRaiser raiser;
    private final GraphProto body;
    private final List<String> state;
    private final List<List<String>> stacked = new ArrayList<>();

    LoopUnrolling(Node node, OpsetRaiser raiser) {
        this.node = node;
        this.raiser = raiser;
        this.body = node.attributes().graph("body").orElseThrow(() -> new SquisherException(node + " has no body"));
        this.state =
                new ArrayList<>(node.inputs().subList(CARRIED, node.inputs().size()));
        for (int i = state.size(); i < node.outputs().size(); i++) {
            stacked.add(new ArrayList<>());
        }
    }

    void unroll() {
        long most = node.hasInput(0)
                ? raiser.decided(node.input(0)).map(Tensor::toLongs).orElseThrow(this::unknown)[0]
                : Long.MAX_VALUE;
        boolean goesOn =
                !node.hasInput(1) || ControlFlow.truth(node.input(1), raiser).orElseThrow(this::unknown);
        for (long step = 0; goesOn && step < most; step++) {
            if (step >= LONGEST) {
                throw new SquisherException(node + " takes more than " + LONGEST
                        + " steps, too many to be written out; export the model with fewer");
            }
            goesOn = step(step);
        }
        for (int i = 0; i < node.outputs().size(); i++) {
            if (!node.output(i).isEmpty()) {
                finish(i);
            }
        }
    }

    /** Writes one step out; returns whether another follows. */
    private boolean step(long step) {
        Node named = new Node(node.name() + "/" + step, node.op(), "", List.of(), List.of(), Attributes.NONE);
        Inlining inlining = new Inlining(named, raiser, Map.of());
        inlining.constants(body);
        inlining.bind(body.getInput(0).getName(), raiser.constant(named, "step", Tensor.of(Shape.of(), step)));
        inlining.bind(body.getInput(1).getName(), raiser.constant(named, "condition", OpsetRaiser.TRUE));
        for (int i = 0; i < state.size(); i++) {
            inlining.bind(body.getInput(i + CARRIED).getName(), state.get(i));
        }
        raiser.addAll(inlining.nodes(body.getNodeList()), raiser.opset());
        boolean goesOn = ControlFlow.truth(inlining.outer(body.getOutput(0).getName()), raiser)
                .orElseThrow(this::unknown);
        for (int i = 0; i < state.size(); i++) {
            state.set(i, inlining.outer(body.getOutput(i + 1).getName()));
        }
        for (int i = 0; i < stacked.size(); i++) {
            String value = body.getOutput(i + 1 + state.size()).getName();
            stacked.get(i).add(inlining.outer(value));
        }
        return goesOn;
    }

    private void finish(int output) {
        if (output < state.size()) {
            emit(output, "Identity", List.of(state.get(output)), Attributes.NONE);
            return;
        }
        List<String> values = stacked.get(output - state.size());
        if (values.isEmpty()) {
            throw new SquisherException(
                    node + " takes no step, so its output '" + node.output(output) + "' has nothing in it");
        }
        String first = raiser.constant(node, "axes", Tensor.of(Shape.of(1), 0L));
        List<String> rows = values.stream()
                .map(value -> raiser.emit(node, "Unsqueeze", List.of(value, first), Attributes.NONE))
                .toList();
        emit(output, "Concat", rows, Attributes.NONE.with("axis", 0L));
    }

    private void emit(int output, String op, List<String> inputs, Attributes attributes) {
        raiser.emit(
                new Node(node.name() + "/output" + output, op, "", inputs, List.of(node.output(output)), attributes));
    }

    private SquisherException unknown() {
        return new SquisherException(
                node + " takes a number of steps that is only known when the graph runs; export the"
                        + " model with a fixed number");
    }
}
