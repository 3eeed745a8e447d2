package io.squisher.onnx.graph;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import java.util.List;
import java.util.stream.Stream;

/**
 * A network whose steps are a graph of their own: h ← tanh(x_t W + h U + b + a), where a comes from each example and W may be
 * another for each step.
 */
public enum SteppedModel {
    /** As PyTorch writes a scripted loop: the body picks x_t by the number of the step. */
    LOOP,
    /** As PyTorch writes a scripted loop over {@code x.unbind(1)} that appends to a list and stacks it. */
    LISTING_LOOP,
    /** With a state that counts the steps, and a condition that is handed on. */
    COUNTING_LOOP,
    SCAN,
    /** From the last step to the first, along another axis, both in and out. */
    REVERSED_SCAN,
    /** Each step has weights of its own. */
    WEIGHTS_BY_STEP,
    /** A loop whose first state is one row of weights for all examples. */
    LEARNED_START;

    public static final int FEATURES = 3;
    public static final int HIDDEN = 4;
    public static final int CLASSES = 3;

    private boolean isLoop() {
        return this == LOOP || this == LISTING_LOOP || this == COUNTING_LOOP || this == LEARNED_START;
    }

    /** The model on {@code x} [N, T, 3]. */
    public TestModel on(Value x, boolean free) {
        int time = x.dim(1);
        Numbers numbers = new Numbers(8);
        TestModel test = TestModel.opset(17)
                .input("x", x, free ? -1 : x.dim(0), time, FEATURES)
                .initializer("W", weights(numbers, FEATURES, HIDDEN))
                .initializer("Ws", weights(numbers, time, FEATURES, HIDDEN))
                .initializer("U", weights(numbers, HIDDEN, HIDDEN))
                .initializer("b", weights(numbers, HIDDEN))
                .initializer("A", weights(numbers, FEATURES, HIDDEN))
                .initializer("head", weights(numbers, HIDDEN, CLASSES))
                .initializer("start", weights(numbers, 1, HIDDEN))
                .initializer("count", Value.ints(new int[0], time))
                .initializer("zero", Value.ints(new int[0], 0))
                .initializer("true", Value.of(ElementType.BOOL, new int[0], new long[] {1}))
                .initializer("step axis", Value.ints(new int[] {1}, this == REVERSED_SCAN ? 2 : 0))
                .initializer("axis", Value.ints(new int[] {1}, 1))
                .node("Transpose", "x", "steps", Attributes.NONE.with("perm", new long[] {1, 0, 2}))
                .node(
                        "ReduceMean",
                        "x",
                        "mean",
                        Attributes.NONE.with("axes", new long[] {1}).with("keepdims", 0L))
                .node("MatMul", "mean,A", "a")
                .node("Tanh", "a", "h0");
        if (this == LISTING_LOOP) {
            test.initializer("one", Value.ints(new int[0], 1))
                    .node("SequenceEmpty", "", "none")
                    .node(
                            "SplitToSequence",
                            "x,one",
                            "parts",
                            Attributes.NONE.with("axis", 1L).with("keepdims", 0L))
                    .node("SequenceLength", "parts", "length");
        }
        if (isLoop()) {
            String states = this == COUNTING_LOOP ? ",zero" : this == LISTING_LOOP ? ",none" : "";
            String last = this == COUNTING_LOOP ? "last,counted,all" : this == LISTING_LOOP ? "last,list" : "last,all";
            test.node(
                    "Loop",
                    (this == LISTING_LOOP ? "length" : "count") + ",true," + (this == LEARNED_START ? "start" : "h0")
                            + states,
                    last,
                    Attributes.NONE.with("body", body()));
        } else {
            Attributes attributes = Attributes.NONE.with("body", body()).with("num_scan_inputs", weightsToo() ? 2 : 1);
            if (this == REVERSED_SCAN) {
                attributes = attributes
                        .with("scan_input_axes", new long[] {1})
                        .with("scan_input_directions", new long[] {1})
                        .with("scan_output_axes", new long[] {-1})
                        .with("scan_output_directions", new long[] {1});
            }
            String sliced = this == REVERSED_SCAN ? "x" : weightsToo() ? "steps,Ws" : "steps";
            test.node("Scan", "h0," + sliced, "last,all", attributes);
        }
        if (this == LISTING_LOOP) {
            Attributes stacked = Attributes.NONE.with("axis", 0L).with("new_axis", 1L);
            test.node("ConcatFromSequence", "list", "all", stacked);
        }
        // Early steps count more than late ones, so that the order matters.
        return test.node("CumSum", "all,step axis", "sums")
                .node(
                        "ReduceMean",
                        "sums",
                        "means",
                        Attributes.NONE
                                .with("axes", new long[] {this == REVERSED_SCAN ? 2 : 0})
                                .with("keepdims", 0L))
                .node("Add", "means,last", "h")
                .node("MatMul", "h,head", "y")
                .outputs("y");
    }

    private boolean weightsToo() {
        return this == WEIGHTS_BY_STEP;
    }

    private static Value weights(Numbers numbers, int... dims) {
        return RaisedGraph.float32(numbers.normal(0.5, dims));
    }

    private GraphProto body() {
        Stream<String> inputs =
                switch (this) {
                    case LOOP, LEARNED_START -> Stream.of("step", "going", "h");
                    case LISTING_LOOP -> Stream.of("step", "going", "h", "before");
                    case COUNTING_LOOP -> Stream.of("step", "going", "h", "n");
                    case WEIGHTS_BY_STEP -> Stream.of("h", "x_t", "W_t");
                    default -> Stream.of("h", "x_t");
                };
        Stream<String> outputs =
                switch (this) {
                    case LOOP, LEARNED_START -> Stream.of("on", "h_next", "doubled");
                    case LISTING_LOOP -> Stream.of("on", "h_next", "more");
                    case COUNTING_LOOP -> Stream.of("on", "h_next", "n_next", "doubled");
                    default -> Stream.of("h_next", "doubled");
                };
        Stream<NodeProto> control =
                switch (this) {
                    case LOOP, LEARNED_START ->
                        Stream.of(
                                node("Gather", "steps,step", "x_t"),
                                node("Cast", "true", "on", Attributes.NONE.with("to", 9L)));
                    case LISTING_LOOP ->
                        Stream.of(node("SequenceAt", "parts,step", "x_t"), node("Identity", "true", "on"));
                    case COUNTING_LOOP ->
                        Stream.of(
                                node("Gather", "x,n", "x_t", Attributes.NONE.with("axis", 1L)),
                                node("Sub", "n,minus", "n_next"),
                                node("Identity", "going", "on"));
                    default -> Stream.empty();
                };
        GraphProto.Builder body = GraphProto.newBuilder().setName("body");
        inputs.forEach(name -> body.addInput(ValueInfoProto.newBuilder().setName(name)));
        body.addInitializer(
                OnnxTensors.write("minus", Value.ints(new int[0], -1).tensor()));
        Stream.concat(control, cell().stream()).forEach(body::addNode);
        if (this == LISTING_LOOP) {
            body.addNode(node("SequenceInsert", "before,doubled", "more"));
        }
        outputs.forEach(name -> body.addOutput(ValueInfoProto.newBuilder().setName(name)));
        return body.build();
    }

    private List<NodeProto> cell() {
        return List.of(
                node("MatMul", weightsToo() ? "x_t,W_t" : "x_t,W", "from_x"),
                node("Gemm", "h,U,b", "from_h"),
                node("Add", "from_x,from_h", "both"),
                node("Add", "both,a", "sum"),
                node("Tanh", "sum", "h_next"),
                node("Mul", "h_next,h", "doubled"));
    }

    private static NodeProto node(String op, String inputs, String outputs) {
        return node(op, inputs, outputs, Attributes.NONE);
    }

    private static NodeProto node(String op, String inputs, String outputs, Attributes attributes) {
        return TestModel.nodeProto(op, inputs, outputs, attributes);
    }
}
