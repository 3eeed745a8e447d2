package io.squisher.onnx.reading.control;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.opset.OpsetRaiser;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A graph that is run for a number of steps: what a Loop and a Scan have in common.
 *
 * @param steps how many at most
 * @param control of a Loop
 */
record Repetition(
        Node node,
        GraphProto body,
        long steps,
        Optional<Control> control,
        List<State> states,
        List<Slice> slices,
        List<Kept> kept) {
    /** The body's names for the number of the step, whether it goes on, and whether it goes on behind it. */
    record Control(String number, String condition, String goesOn) {}

    /** A value that goes from step to step: before the first, in the body before and behind a step, behind the last. */
    record State(String initial, String before, String after, String last) {}

    /** A value of which each step gets a slice. */
    record Slice(String whole, int axis, boolean backwards, String slice) {}

    /** A value of the body that is kept of each step. */
    record Kept(String value, int axis, boolean backwards, String whole) {}

    /** Inputs: greatest number of steps, first condition, states. */
    static Repetition ofLoop(Node node, OpsetRaiser raiser) {
        GraphProto body = body(node);
        boolean begins =
                !node.hasInput(1) || ControlFlow.truth(node.input(1), raiser).orElseThrow(() -> unknown(node));
        long most = node.hasInput(0)
                ? raiser.decided(node.input(0)).map(Tensor::toLongs).orElseThrow(() -> unknown(node))[0]
                : Long.MAX_VALUE;
        Control control = new Control(
                body.getInput(0).getName(),
                body.getInput(1).getName(),
                body.getOutput(0).getName());
        int states = body.getInputCount() - 2;
        List<State> carried = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            carried.add(state(node, body, i, node.input(i + 2), i + 2, i + 1));
        }
        List<Kept> kept = new ArrayList<>();
        for (int i = states; i + 1 < body.getOutputCount(); i++) {
            kept.add(new Kept(body.getOutput(i + 1).getName(), 0, false, node.output(i)));
        }
        return new Repetition(node, body, begins ? most : 0, Optional.of(control), carried, List.of(), kept);
    }

    /** Inputs: states, then what is sliced; as many steps as slices. */
    static Repetition ofScan(Node node, OpsetRaiser raiser) {
        if (raiser.opset() < 9) {
            throw new SquisherException(
                    node + " is a Scan of opset 8, which has a batch axis of its own; export the model"
                            + " with opset 9 or later");
        }
        GraphProto body = body(node);
        Attributes attributes = node.attributes();
        int slices = (int) attributes.integer("num_scan_inputs", 1);
        int states = node.inputs().size() - slices;
        List<State> carried = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            carried.add(state(node, body, i, node.input(i), i, i));
        }
        List<Slice> sliced = new ArrayList<>();
        for (int i = 0; i < slices; i++) {
            sliced.add(new Slice(
                    node.input(states + i),
                    (int) entry(attributes, "scan_input_axes", i),
                    entry(attributes, "scan_input_directions", i) != 0,
                    body.getInput(states + i).getName()));
        }
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i + states < body.getOutputCount(); i++) {
            kept.add(new Kept(
                    body.getOutput(states + i).getName(),
                    (int) entry(attributes, "scan_output_axes", i),
                    entry(attributes, "scan_output_directions", i) != 0,
                    node.output(states + i)));
        }
        long steps = sliced.stream()
                .flatMap(slice -> length(node, slice, raiser).stream())
                .findFirst()
                .orElseThrow(() -> unknown(node));
        return new Repetition(node, body, steps, Optional.empty(), carried, sliced, kept);
    }

    private static State state(Node node, GraphProto body, int index, String initial, int input, int output) {
        return new State(
                initial, body.getInput(input).getName(), body.getOutput(output).getName(), node.output(index));
    }

    private static GraphProto body(Node node) {
        return node.attributes().graph("body").orElseThrow(() -> new SquisherException(node + " has no body"));
    }

    private static long entry(Attributes attributes, String name, int index) {
        long[] all = attributes.integers(name).orElse(new long[0]);
        return index < all.length ? all[index] : 0;
    }

    private static Optional<Long> length(Node node, Slice slice, OpsetRaiser raiser) {
        String shape = raiser.emit(node, "Shape", List.of(slice.whole()), size(slice.axis()));
        return raiser.decided(shape).map(size -> size.toLongs()[0]);
    }

    private static Attributes size(int axis) {
        Attributes from = Attributes.NONE.with("start", axis);
        return axis == -1 ? from : from.with("end", axis + 1L);
    }

    /** The states before the first step. */
    List<String> initial() {
        return states.stream().map(State::initial).toList();
    }

    /** The same steps from other first states. */
    Repetition from(List<String> initial) {
        List<State> begun = new ArrayList<>();
        for (int i = 0; i < initial.size(); i++) {
            State state = states.get(i);
            begun.add(new State(initial.get(i), state.before(), state.after(), state.last()));
        }
        return new Repetition(node, body, steps, control, begun, slices, kept);
    }

    static SquisherException unknown(Node node) {
        return new SquisherException(
                node + " takes a number of steps that is only known when the graph runs; export the"
                        + " model with a fixed number");
    }
}
