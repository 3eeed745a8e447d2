package io.squisher.onnx.reading.opset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.evaluator.ReferenceEvaluator;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.Tolerance;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.proto.onnx.AttributeProto;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpsetAdaptersTest {
    private static final Tolerance FLOAT32 = new Tolerance(1e-5, 0.1, 1e-6);

    private final Numbers numbers = new Numbers(7);

    private static void assertSame(Value expected, Value actual) {
        assertEquals("", FLOAT32.difference(expected, actual).orElse(""));
    }

    private static void assertAsEvaluated(TestModel test) {
        Map<String, Value> expected = ReferenceEvaluator.run(test.build(), test.inputs());
        Map<String, Value> actual = RaisedGraph.run(test.build(), test.inputs());
        expected.forEach((name, value) -> assertSame(value, actual.get(name)));
    }

    private static Value run(TestModel test) {
        return RaisedGraph.run(test.build(), test.inputs()).get("y");
    }

    private static Attributes floats(String name, float... values) {
        AttributeProto.Builder proto =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.FLOATS);
        for (float value : values) {
            proto.addFloats(value);
        }
        return Attributes.of(List.of(proto.build()));
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "2, 4", "-2, 4", "0, 2"})
    void alignsTheSecondInputAtAnAxis(int axis, int size) {
        Value x = numbers.normal(2, 3, 4, 5);
        Value b = numbers.normal(size);
        TestModel test = TestModel.opset(6)
                .input("x", x)
                .input("b", b)
                .node("Add", "x,b", "y", Attributes.NONE.with("broadcast", 1L).with("axis", (long) axis))
                .outputs("y");
        int at = axis < 0 ? axis + 4 : axis;
        int[] dims = {1, 1, 1, 1};
        dims[at] = size;
        double[] expected = x.doubles().clone();
        Value spread = b.reshaped(dims).broadcastTo(2, 3, 4, 5);
        Arrays.setAll(expected, i -> x.doubleAt(i) + spread.doubleAt(i));
        assertSame(Value.floats(x.dims(), expected), run(test));
    }

    @Test
    void alignsTheSlopesOfPReluWithTheChannels() {
        TestModel test = TestModel.opset(6)
                .input("x", numbers.normal(2, 3, 4, 5))
                .initializer("slope", numbers.positive(3))
                .node("PRelu", "x,slope", "y")
                .outputs("y");
        TestModel today = TestModel.opset(16)
                .input("x", test.inputs().get("x"))
                .initializer("slope", new Numbers(7).normal(2, 3, 4, 5))
                .outputs("y");
        Value x = test.inputs().get("x");
        double[] slopes = slopes(test);
        double[] expected = new double[x.size()];
        Arrays.setAll(expected, i -> x.doubleAt(i) < 0 ? slopes[i / 20 % 3] * x.doubleAt(i) : x.doubleAt(i));
        assertEquals(0, today.build().getGraph().getNodeCount());
        assertSame(Value.floats(x.dims(), expected), run(test));
    }

    private static double[] slopes(TestModel test) {
        return Value.of(test.build().getGraph().getInitializer(0)).doubles();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nearest", "linear"})
    void turnsUpsampleIntoResize(String mode) {
        Value x = numbers.normal(1, 2, 3, 4);
        Attributes scales = floats("scales", 1, 1, 2, 3).with("mode", mode);
        assertAsEvaluated(TestModel.opset(7)
                .input("x", x)
                .node("Upsample", "x", "y", scales)
                .outputs("y"));
        assertAsEvaluated(TestModel.opset(9)
                .input("x", x)
                .initializer("s", Value.floats(new int[] {4}, 1, 1, 2, 3))
                .node("Upsample", "x,s", "y", Attributes.NONE.with("mode", mode))
                .outputs("y"));
    }

    /** The second implementation is ONNX Runtime's own, of the old operator. */
    @ParameterizedTest
    @CsvSource({"nearest, 2, 0.5", "nearest, 0.6, 0.7", "nearest, 2.5, 1.5", "linear, 0.6, 1.7"})
    void resizesAsOpset10Did(String mode, float height, float width) {
        TestModel test = TestModel.opset(10)
                .input("x", numbers.normal(1, 2, 7, 5))
                .initializer("s", Value.floats(new int[] {4}, 1, 1, height, width))
                .node("Resize", "x,s", "y", Attributes.NONE.with("mode", mode))
                .outputs("y");
        assertSame(RaisedGraph.runDirectly(test.build(), test.inputs()).get("y"), run(test));
    }

    @Test
    void readsCastsByName() {
        TestModel test = TestModel.opset(5)
                .input("x", Value.floats(new int[] {3}, 1.5, -2.5, 0))
                .node("Cast", "x", "y", Attributes.NONE.with("to", "INT64"))
                .outputs("y");
        assertSame(Value.ints(new int[] {3}, 1, -2, 0), run(test));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Softmax", "LogSoftmax"})
    void flattensSoftmaxBeforeOpset13(String op) {
        assertAsEvaluated(TestModel.opset(11)
                .input("x", numbers.normal(2, 3, 4))
                .node(op, "x", "y")
                .outputs("y"));
    }

    @Test
    void repeatsTheScalesOfGroups() {
        assertAsEvaluated(TestModel.opset(18)
                .input("x", numbers.normal(2, 6, 3))
                .initializer("scale", numbers.normal(3))
                .initializer("bias", numbers.normal(3))
                .node("GroupNormalization", "x,scale,bias", "y", Attributes.NONE.with("num_groups", 3L))
                .outputs("y"));
    }

    @Test
    void namesTheInterpolationsOfGridSampleAnew() {
        TestModel test = TestModel.opset(16)
                .input("x", numbers.normal(1, 2, 4, 4))
                .input("grid", numbers.normal(0.4, 1, 3, 3, 2))
                .node("GridSample", "x,grid", "y", Attributes.NONE.with("mode", "bicubic"))
                .outputs("y");
        assertAsEvaluated(test);
    }

    @Test
    void tilesAlongOneAxis() {
        TestModel test = TestModel.opset(1)
                .input("x", Value.floats(new int[] {2, 2}, 1, 2, 3, 4))
                .initializer("tiles", Value.floats(new int[0], 2))
                .initializer("axis", Value.floats(new int[0], 1))
                .node("Tile", "x,tiles,axis", "y")
                .outputs("y");
        assertSame(Value.floats(new int[] {2, 4}, 1, 2, 1, 2, 3, 4, 3, 4), run(test));
    }

    @Test
    void concatenatesChannelsByDefault() {
        TestModel test = TestModel.opset(3)
                .input("a", Value.floats(new int[] {1, 1}, 1))
                .input("b", Value.floats(new int[] {1, 2}, 2, 3))
                .node("Concat", "a,b", "y")
                .outputs("y");
        assertSame(Value.floats(new int[] {1, 3}, 1, 2, 3), run(test));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LSTM", "GRU", "RNN"})
    void putsTimeFirst(String op) {
        int gates = Map.of("LSTM", 4, "GRU", 3, "RNN", 1).get(op);
        TestModel test = TestModel.opset(14)
                .input("x", numbers.normal(2, 5, 3))
                .input("h0", numbers.normal(2, 2, 4))
                .initializer("w", numbers.normal(0.4, 2, gates * 4, 3))
                .initializer("r", numbers.normal(0.4, 2, gates * 4, 4))
                .node(
                        op,
                        "x,w,r,,,h0",
                        "y,last",
                        Attributes.NONE
                                .with("layout", 1L)
                                .with("hidden_size", 4L)
                                .with("direction", "bidirectional"))
                .outputs("y", "last");
        assertAsEvaluated(test);
    }

    @Test
    void keepsTheMaskOfDropout() {
        TestModel test = TestModel.opset(12)
                .input("x", numbers.normal(2, 3))
                .node("Dropout", "x", "d,mask")
                .node("Cast", "mask", "y", Attributes.NONE.with("to", 1L))
                .outputs("y");
        assertSame(Value.floats(new int[] {2, 3}, 1, 1, 1, 1, 1, 1), run(test));
    }

    @Test
    void readsOperatorsThatTheStandardDropped() {
        TestModel test = TestModel.opset(6)
                .input("x", Value.floats(new int[] {1, 2, 2, 2}, 1, 2, 3, 4, 5, 6, 7, 8))
                .node("ImageScaler", "x", "s", floats("bias", 10, 20).with("scale", 2f))
                .node("Crop", "s", "c", Attributes.NONE.with("border", new long[] {1, 0, 0, 1}))
                .node("Affine", "c", "a", Attributes.NONE.with("alpha", 0.5f).with("beta", 1f))
                .node("ScaledTanh", "a", "y", Attributes.NONE.with("alpha", 3f).with("beta", 0.1f))
                .outputs("y");
        double first = 3 * Math.tanh(0.1 * ((2 * 2 + 10) * 0.5 + 1));
        double second = 3 * Math.tanh(0.1 * ((6 * 2 + 20) * 0.5 + 1));
        assertSame(Value.floats(new int[] {1, 2, 1, 1}, first, second), run(test));
    }

    @Test
    void refusesTrainingMode() {
        TestModel test = TestModel.opset(15)
                .input("x", numbers.normal(2, 3))
                .initializer("c", numbers.positive(3))
                .node("BatchNormalization", "x,c,c,c,c", "y,m,v", Attributes.NONE.with("training_mode", 1L))
                .outputs("y");
        assertTrue(assertThrows(SquisherException.class, () -> run(test))
                .getMessage()
                .contains("BatchNormalization 'BatchNormalization_0' is in training mode"));
    }

    @Test
    void refusesOperatorsOfUnknownDomains() {
        TestModel test = TestModel.opset(15)
                .input("x", numbers.normal(2, 3))
                .node("acme.models:Warp", "x", "y")
                .outputs("y");
        assertEquals(
                "acme.models.Warp 'Warp_0' is an operator of the domain 'acme.models', which this release does not know;"
                        + " export the model with standard operators only",
                assertThrows(SquisherException.class, () -> run(test)).getMessage());
    }

    /** PyTorch 2.13's exporter writes {@code torch.split} so without its optimizer. */
    @ParameterizedTest
    @CsvSource({"'2,3,2', 1, 2, 5", "'2,3,2', -1, 5, 7", "'3', 2, 6, 7"})
    void takesPartsOfASplitTensor(String sizes, long index, int from, int to) {
        Value x = numbers.normal(2, 7);
        int[] parts =
                Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray();
        Value split = parts.length == 1
                ? Value.ints(new int[0], parts[0])
                : Value.ints(
                        new int[] {parts.length},
                        Arrays.stream(parts).asLongStream().toArray());
        TestModel test = TestModel.opset(18)
                .input("x", x)
                .initializer("split", split)
                .initializer("index", Value.ints(new int[0], index))
                .node("SplitToSequence", "x,split", "all", Attributes.NONE.with("axis", 1L))
                .node("SequenceAt", "all,index", "y")
                .outputs("y");
        int[] taken = java.util.stream.IntStream.range(from, to).toArray();
        assertSame(RaisedGraph.float32(x.select(1, taken)), run(test));
    }

    @Test
    void takesASliceOfAnUnboundTensor() {
        Value x = numbers.normal(2, 3, 4);
        TestModel test = TestModel.opset(18)
                .input("x", x)
                .initializer("index", Value.ints(new int[0], 2))
                .node(
                        "SplitToSequence",
                        "x",
                        "all",
                        Attributes.NONE.with("axis", 1L).with("keepdims", 0L))
                .node("SequenceAt", "all,index", "y")
                .outputs("y");
        assertSame(RaisedGraph.float32(x.select(1, new int[] {2}).reshaped(2, 4)), run(test));
    }

    /** As PyTorch writes {@code torch.stack} and {@code torch.cat} of lists in scripted models. */
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "-1, 1", "0, 0", "1, 0", "-1, 0"})
    void joinsTheTensorsOfAList(long axis, long anew) {
        Attributes joined = Attributes.NONE.with("axis", axis).with("new_axis", anew);
        TestModel test = TestModel.opset(17)
                .input("a", numbers.normal(2, 3))
                .input("b", numbers.normal(2, 3))
                .input("c", numbers.normal(2, 3))
                .initializer("first", Value.ints(new int[0], 0))
                .initializer("last", Value.ints(new int[0], -1))
                .node("SequenceConstruct", "a,b", "two")
                .node("SequenceInsert", "two,c,first", "three")
                .node("SequenceInsert", "three,c", "four")
                .node("SequenceErase", "four,last", "again")
                .node("Identity", "again", "list")
                .node("ConcatFromSequence", "list", "joined", joined)
                .node("SequenceAt", "list,last", "b again")
                .node("SequenceLength", "list", "length")
                .outputs("joined", "b again", "length");
        Map<String, Value> expected = RaisedGraph.runDirectly(test.build(), test.inputs());
        RaisedGraph.run(test.build(), test.inputs()).forEach((name, value) -> assertSame(expected.get(name), value));
        assertEquals(3, expected.size());
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "2, 1", "0, 0", "1, 0", "-1, 0"})
    void joinsTheSlicesOfAnUnboundTensor(long axis, long anew) {
        Attributes joined = Attributes.NONE.with("axis", axis).with("new_axis", anew);
        TestModel test = TestModel.opset(17)
                .input("x", numbers.normal(2, 3, 4))
                .initializer("one", Value.ints(new int[0], 1))
                .node(
                        "SplitToSequence",
                        "x,one",
                        "list",
                        Attributes.NONE.with("axis", 1L).with("keepdims", 0L))
                .node("ConcatFromSequence", "list", "joined", joined)
                .node("SequenceLength", "list", "length")
                .outputs("joined", "length");
        Map<String, Value> expected = RaisedGraph.runDirectly(test.build(), test.inputs());
        RaisedGraph.run(test.build(), test.inputs()).forEach((name, value) -> assertSame(expected.get(name), value));
        assertEquals(2, expected.size());
    }

    /** PyTorch's older exporter turns the pads of {@code F.pad} round so: last axis first, begin and end side by side. */
    @Test
    void knowsPadsThatAreTurnedRound() {
        TestModel test = TestModel.opset(18)
                .input("x", numbers.normal(2, 3, 5))
                .initializer("size", Value.ints(new int[] {1}, 5))
                .initializer("window", Value.ints(new int[] {1}, 4))
                .initializer("before", Value.ints(new int[] {1}, 1))
                .initializer("others", Value.ints(new int[] {1}, 4))
                .initializer("pairs", Value.ints(new int[] {2}, -1, 2))
                .initializer("minus", Value.ints(new int[] {1}, -1))
                .initializer("zero", Value.ints(new int[] {1}, 0))
                .initializer("least", Value.ints(new int[] {1}, Long.MIN_VALUE))
                .node("Mod", "size,window", "over")
                .node("Sub", "window,over", "after")
                .node("ConstantOfShape", "others", "none", zeros())
                .node("Concat", "before,after,none", "flat", Attributes.NONE.with("axis", 0L))
                .node("Reshape", "flat,pairs", "rows")
                .node("Slice", "rows,minus,least,zero,minus", "turned")
                .node("Transpose", "turned", "columns", Attributes.NONE.with("perm", new long[] {1, 0}))
                .node("Reshape", "columns,minus", "pads")
                .node("Pad", "x,pads", "y")
                .outputs("y");
        assertArrayEquals(
                new long[] {0, 0, 1, 0, 0, 3},
                OnnxTensors.read(RaisedGraph.of(test.build()).stored("pads").orElseThrow())
                        .toLongs());
        assertAsEvaluated(test);
    }

    private static Attributes zeros() {
        return Attributes.NONE.with("value", OnnxTensors.write("", RaisedGraph.tensor(Value.ints(new int[] {1}, 0))));
    }
}
