package io.squisher.onnx.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.TestModel;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.AttributeProto.AttributeType;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Branches that follow from what the data tells, beside the file. */
class DecidedBranchesTest {
    private static final Value IMAGE = Value.floats(new int[] {1, 2, 4, 4}, new double[32]);

    private static GraphProto body(String op) {
        return GraphProto.newBuilder()
                .setName(op)
                .addNode(TestModel.nodeProto(op, "z", "of" + op, Attributes.NONE))
                .addOutput(ValueInfoProto.newBuilder().setName("of" + op))
                .build();
    }

    private static AttributeProto graph(String name, String op) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.GRAPH)
                .setG(body(op))
                .build();
    }

    /** Ends in a Tanh where size {@code axis} of the value {@code z} is {@code size}, and in a Relu otherwise. */
    private static TestModel branching(TestModel before, int axis, int size) {
        return before.initializer("axis", Value.ints(new int[0], axis))
                .initializer("size", Value.ints(new int[0], size))
                .node("Shape", "z", "sizes")
                .node("Gather", "sizes,axis", "found")
                .node("Equal", "found,size", "condition")
                .node(
                        "If",
                        "condition",
                        "y",
                        Attributes.of(List.of(graph("then_branch", "Tanh"), graph("else_branch", "Relu"))))
                .outputs("y");
    }

    private static TestModel input(Value value, long... declared) {
        return TestModel.opset(17).input("x", value, declared);
    }

    /** What makes z, whose second size is 5 for the data's images [3, 2, 4, 4]. */
    private static TestModel made(String by) {
        TestModel free = input(IMAGE, -1, -1, -1, -1);
        Value rows = Value.floats(new int[] {4, 5}, new double[20]);
        return switch (by) {
            case "Conv" ->
                free.initializer("W", Value.floats(new int[] {5, 2, 3, 3}, new double[90]))
                        .node("Conv", "x,W", "z");
            case "MatMul" ->
                free.initializer("W", rows)
                        .node("MatMul", "x,W", "product")
                        .node("Transpose", "product", "z", Attributes.NONE.with("perm", new long[] {0, 3, 1, 2}));
            case "Gemm" ->
                free.initializer("W", Value.floats(new int[] {32, 5}, new double[160]))
                        .node("Flatten", "x", "flat")
                        .node("Gemm", "flat,W", "z");
            case "Reshape" ->
                free.initializer("ends", Value.ints(new int[] {8}, 0, 0, 0, 0, 0, 3, 0, 0))
                        .node("Pad", "x,ends", "padded")
                        .initializer("shape", Value.ints(new int[] {2}, 0, -1))
                        .node("Reshape", "padded,shape", "flat")
                        .initializer("W", Value.floats(new int[] {80, 5}, new double[400]))
                        .node("MatMul", "flat,W", "z");
            default -> throw new IllegalArgumentException(by);
        };
    }

    private static BoundGraph bound(TestModel model, Map<String, Tensor> arrays, String... shared) {
        Map<String, Tensor> all = new LinkedHashMap<>(arrays);
        return BoundGraph.of(
                new OnnxFile(Path.of("m.onnx"), model.build()),
                Examples.of("data", all, Set.of(shared)),
                Optional.empty());
    }

    private static boolean tanh(BoundGraph bound) {
        List<String> ops = bound.graph().nodes().stream().map(node -> node.op()).toList();
        assertTrue(!ops.contains("If"), ops.toString());
        assertTrue(ops.contains("Tanh") != ops.contains("Relu"), ops.toString());
        return ops.contains("Tanh");
    }

    private static final Tensor IMAGES = Tensor.of(Shape.of(3, 2, 4, 4), new float[96]);

    @ParameterizedTest
    @ValueSource(strings = {"Conv", "MatMul", "Gemm"})
    void bySizesThatOperatorsMakeOfTheDatas(String by) {
        assertTrue(tanh(bound(branching(made(by), 1, 5), Map.of("x", IMAGES))));
        assertTrue(!tanh(bound(branching(made(by), 1, 4), Map.of("x", IMAGES))));
    }

    /** For batches, one example is not what squeezes; for one example alone it is. */
    @Test
    void byTheNumberOfExamplesForBatches() {
        BoundGraph bound = bound(branching(input(IMAGE, -1, 2, 4, 4).node("Neg", "x", "z"), 0, 1), Map.of("x", IMAGES));
        assertTrue(!tanh(bound));
        assertTrue(bound.exported().nodes().stream().anyMatch(node -> node.op().equals("Tanh")));
    }

    @Test
    void thatAreOtherOnesForTwoExamplesThanForThreeLeaveOneAtATime() {
        BoundGraph bound = bound(branching(input(IMAGE, -1, 2, 4, 4).node("Neg", "x", "z"), 0, 2), Map.of("x", IMAGES));
        assertTrue(
                bound.unbatched().orElseThrow().contains("how many examples"),
                bound.unbatched().toString());
        assertTrue(!tanh(bound));
    }

    @Test
    void bySharedValuesWholeAndFractional() {
        for (boolean whole : new boolean[] {true, false}) {
            Value rate = whole ? Value.ints(new int[0], 0) : Value.floats(new int[0], 0);
            TestModel model = input(IMAGE, -1, 2, 4, 4)
                    .input("rate", rate)
                    .initializer("limit", whole ? Value.ints(new int[0], 8000) : Value.floats(new int[0], 8000))
                    .node("Neg", "x", "z")
                    .node("Greater", "rate,limit", "condition")
                    .node(
                            "If",
                            "condition",
                            "y",
                            Attributes.of(List.of(graph("then_branch", "Tanh"), graph("else_branch", "Relu"))))
                    .outputs("y");
            for (long value : new long[] {16000, 4000}) {
                Tensor array = whole ? Tensor.of(Shape.of(), value) : Tensor.of(Shape.of(), (float) value);
                assertEquals(value > 8000, tanh(bound(model, Map.of("x", IMAGES, "rate", array), "rate")));
            }
            String refused = assertThrows(
                            SquisherException.class,
                            () -> bound(model, Map.of("x", IMAGES, "rate", Tensor.of(Shape.of(3), 1f, 2f, 3f))))
                    .getMessage();
            assertTrue(refused.contains("the values of the input 'rate'"), refused);
            assertTrue(refused.contains("--shared"), refused);
        }
    }

    @Test
    void byWhatTheExamplesHoldAreRefused() {
        TestModel model = branching(input(IMAGE, -1, 2, 4, 4).node("NonZero", "x", "z"), 1, 1);
        String refused = assertThrows(SquisherException.class, () -> bound(model, Map.of("x", IMAGES)))
                .getMessage();
        assertTrue(refused.contains("the values of the input 'x'"), refused);
        assertTrue(refused.contains("trace"), refused);
    }
}
