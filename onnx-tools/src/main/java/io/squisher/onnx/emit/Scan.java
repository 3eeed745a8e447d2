package io.squisher.onnx.emit;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Emits a graph that runs once for each step of a time, so that the size of the whole does not grow with the steps. */
public final class Scan {
    private final Ops outer;
    private final Ops inner;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("steps");

    private Scan(Ops outer) {
        this.outer = outer;
        this.inner = new Ops(outer.emitter().inside());
    }

    /**
     * What comes of one step, or of all.
     *
     * @param states the states behind it, in the shapes that they had before
     * @param collected what is kept: of each step {@code […]}, of all {@code [T, …]}
     */
    public record Result(List<Value> states, List<Value> collected) {}

    /** What is done at each step. */
    @FunctionalInterface
    public interface Body {
        /**
         * @param ops writes the step; it may read any value around it
         * @param states as the step before left them
         * @param slices the values of this step, without the axis of time
         */
        Result step(Ops ops, List<Value> states, List<Value> slices);
    }

    /**
     * Takes the steps.
     *
     * @param backwards whether the last step comes first; what is collected is in the order of time all the same
     * @param states values before the first step taken
     * @param sliced values {@code [T, …]}, at least one
     */
    public static Result run(Ops ops, boolean backwards, List<Value> states, List<Value> sliced, Body body) {
        return new Scan(ops).emit(backwards, states, sliced, body);
    }

    private Result emit(boolean backwards, List<Value> states, List<Value> sliced, Body body) {
        List<Value> before = states.stream().map(state -> input(state.shape())).toList();
        List<Value> slices = sliced.stream()
                .map(value -> input(value.shape().slice(1, value.rank())))
                .toList();
        Result step = body.step(inner, before, slices);
        inner.emitter().nodes().forEach(node -> graph.addNode(node.toProto()));
        step.states().forEach(this::output);
        step.collected().forEach(this::output);

        Attributes attributes = Attributes.NONE
                .with("body", graph.build())
                .with("num_scan_inputs", sliced.size())
                .with("scan_input_directions", all(backwards, sliced.size()))
                .with("scan_output_directions", all(backwards, step.collected().size()));
        List<TensorShape> shapes = new ArrayList<>();
        states.forEach(state -> shapes.add(state.shape()));
        Dim time = sliced.get(0).shape().dim(0);
        step.collected().forEach(value -> shapes.add(overTime(time, value.shape())));
        List<Value> outputs = outer.emitter()
                .nodes(
                        "Scan",
                        shapes,
                        attributes,
                        Stream.concat(states.stream(), sliced.stream()).toArray(Value[]::new));
        return new Result(outputs.subList(0, states.size()), outputs.subList(states.size(), outputs.size()));
    }

    private static long[] all(boolean backwards, int count) {
        long[] directions = new long[count];
        Arrays.fill(directions, backwards ? 1 : 0);
        return directions;
    }

    private static TensorShape overTime(Dim time, TensorShape shape) {
        return new TensorShape(
                Stream.concat(Stream.of(time), shape.dims().stream()).toList());
    }

    private Value input(TensorShape shape) {
        Value value = new Value(inner.emitter().fresh("input"), shape);
        graph.addInput(declared(value));
        return value;
    }

    /** An output of its own name: one value may be both kept and handed on, or come from around the graph. */
    private void output(Value value) {
        String name = inner.emitter().fresh("output");
        graph.addNode(NodeProto.newBuilder()
                .setName(name)
                .setOpType("Identity")
                .addInput(value.name())
                .addOutput(name));
        graph.addOutput(declared(new Value(name, value.shape())));
    }

    /** Type and shape are left to ONNX Runtime, which has them from the values outside. */
    private static ValueInfoProto declared(Value value) {
        return ValueInfoProto.newBuilder().setName(value.name()).build();
    }
}
