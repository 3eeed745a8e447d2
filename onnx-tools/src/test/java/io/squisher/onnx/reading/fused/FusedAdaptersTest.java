package io.squisher.onnx.reading.fused;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.onnx.evaluator.ReferenceEvaluator;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.Tolerance;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.tensor.ElementType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decompositions against the fused operators of ONNX Runtime itself and against the evaluator. */
class FusedAdaptersTest {
    private static final Tolerance FLOAT32 = new Tolerance(2e-5, 0.1, 1e-6);
    private static final Attributes NONE = Attributes.NONE;

    private final Numbers numbers = new Numbers(11);

    private static void assertSame(String judge, Map<String, Value> expected, Map<String, Value> actual) {
        expected.forEach((name, value) ->
                assertEquals("", FLOAT32.difference(value, actual.get(name)).orElse(""), judge + ", output " + name));
    }

    private static void assertAsOnnxRuntime(TestModel test) {
        assertSame(
                "ONNX Runtime",
                RaisedGraph.runDirectly(test.build(), test.inputs()),
                RaisedGraph.run(test.build(), test.inputs()));
    }

    private static void assertAsEvaluated(TestModel test) {
        assertSame(
                "evaluator",
                ReferenceEvaluator.run(test.build(), test.inputs()),
                RaisedGraph.run(test.build(), test.inputs()));
    }

    private static void assertAsBoth(TestModel test) {
        assertAsOnnxRuntime(test);
        assertAsEvaluated(test);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Gelu", "FastGelu", "QuickGelu"})
    void activations(String op) {
        assertAsBoth(TestModel.opset(17)
                .input("x", numbers.normal(2, 3, 4))
                .node("com.microsoft:" + op, "x", "y")
                .outputs("y"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BiasGelu", "FastGelu"})
    void activationsWithBias(String op) {
        assertAsBoth(TestModel.opset(17)
                .input("x", numbers.normal(2, 3, 4))
                .initializer("b", numbers.normal(4))
                .node("com.microsoft:" + op, "x,b", "y")
                .outputs("y"));
    }

    @Test
    void layerNormalizationOfOnnxRuntimeBeforeOpset17() {
        TestModel test = TestModel.opset(12)
                .input("x", numbers.normal(2, 3, 4))
                .initializer("scale", numbers.normal(4))
                .initializer("bias", numbers.normal(4))
                .node(
                        "LayerNormalization",
                        "x,scale,bias",
                        "y",
                        NONE.with("axis", -1L).with("epsilon", 1e-3f))
                .outputs("y");
        assertAsOnnxRuntime(test);
    }

    @ParameterizedTest
    @CsvSource({
        "SkipLayerNormalization, 'x,skip,scale,bias,b', 'y,,,sum'",
        "SkipLayerNormalization, 'x,skip,scale', y",
        "SkipSimplifiedLayerNormalization, 'x,skip,scale,b', 'y,,,sum'"
    })
    void skipNormalizations(String op, String inputs, String outputs) {
        TestModel test = TestModel.opset(17)
                .input("x", numbers.normal(2, 3, 4))
                .input("skip", numbers.normal(2, 3, 4))
                .initializer("scale", numbers.normal(4))
                .initializer("bias", numbers.normal(4))
                .initializer("b", numbers.normal(4))
                .node("com.microsoft:" + op, inputs, outputs, NONE.with("epsilon", 1e-3f))
                .outputs(outputs.contains("sum") ? new String[] {"y", "sum"} : new String[] {"y"});
        assertAsBoth(test);
    }

    @Test
    void simplifiedLayerNormalization() {
        assertAsOnnxRuntime(TestModel.opset(17)
                .input("x", numbers.normal(2, 3, 4))
                .initializer("scale", numbers.normal(4))
                .node("SimplifiedLayerNormalization", "x,scale", "y", NONE.with("epsilon", 1e-3f))
                .outputs("y"));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, -2, 1})
    void rmsNormalization(long axis) {
        assertAsBoth(TestModel.opset(23)
                .input("x", numbers.normal(2, 3, 4))
                .initializer("scale", axis == -1 ? numbers.normal(4) : numbers.normal(3, 4))
                .node("RMSNormalization", "x,scale", "y", NONE.with("axis", axis))
                .outputs("y"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1", "1, 0, 0.5", "0, 1, 2", "1, 1, 1"})
    void fusedMatMul(long transA, long transB, float alpha) {
        assertAsBoth(TestModel.opset(17)
                .input("a", transA == 0 ? numbers.normal(2, 3, 4) : numbers.normal(2, 4, 3))
                .input("b", transB == 0 ? numbers.normal(2, 4, 5) : numbers.normal(2, 5, 4))
                .node(
                        "com.microsoft:FusedMatMul",
                        "a,b",
                        "y",
                        NONE.with("transA", transA).with("transB", transB).with("alpha", alpha))
                .outputs("y"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Relu", "Sigmoid", "Tanh", "LeakyRelu", "Clip", "HardSigmoid"})
    void fusedConv(String activation) {
        AttributeProto.Builder parameters =
                AttributeProto.newBuilder().setName("activation_params").setType(AttributeProto.AttributeType.FLOATS);
        if (activation.equals("LeakyRelu")) {
            parameters.addFloats(0.3f);
        } else if (activation.equals("Clip") || activation.equals("HardSigmoid")) {
            parameters.addFloats(0.2f).addFloats(0.6f);
        }
        assertAsOnnxRuntime(TestModel.opset(17)
                .input("x", numbers.normal(2, 3, 5, 5))
                .input("z", numbers.normal(2, 4, 3, 3))
                .initializer("w", numbers.normal(4, 3, 3, 3))
                .initializer("b", numbers.normal(4))
                .node(
                        "com.microsoft:FusedConv",
                        activation.equals("Relu") ? "x,w,b,z" : "x,w,b",
                        "y",
                        Attributes.of(List.of(parameters.build())).with("activation", activation))
                .outputs("y"));
    }

    @ParameterizedTest
    @CsvSource({"none, 0", "lengths, 0", "keys, 0", "queries, 0", "none, 1", "keys, 1"})
    void attention(String mask, long unidirectional) {
        Value masked =
                switch (mask) {
                    case "lengths" -> Value.of(ElementType.I32, new int[] {2}, new long[] {3, 5});
                    case "keys" ->
                        Value.of(ElementType.I32, new int[] {2, 5}, new long[] {1, 1, 1, 0, 1, 1, 1, 1, 1, 0});
                    default ->
                        Value.of(
                                ElementType.I32,
                                new int[] {2, 5, 5},
                                new Numbers(3).below(2, 50).longs());
                };
        TestModel test = TestModel.opset(17)
                .input("x", numbers.normal(2, 5, 6))
                .initializer("w", numbers.normal(0.5, 6, 24))
                .initializer("b", numbers.normal(24));
        if (!mask.equals("none")) {
            test.input("mask", masked);
        }
        test.node(
                        "com.microsoft:Attention",
                        mask.equals("none") ? "x,w,b" : "x,w,b,mask",
                        "y",
                        NONE.with("num_heads", 2L).with("unidirectional", unidirectional))
                .outputs("y");
        assertAsBoth(test);
    }

    @Test
    void attentionWithPastAndBias() {
        assertAsEvaluated(TestModel.opset(17)
                .input("x", numbers.normal(2, 3, 6))
                .input("past", numbers.normal(2, 2, 2, 4, 3))
                .input("bias", numbers.normal(1, 2, 3, 7))
                .initializer("w", numbers.normal(0.5, 6, 18))
                .initializer("b", numbers.normal(18))
                .node(
                        "com.microsoft:Attention",
                        "x,w,b,,past,bias",
                        "y,present",
                        NONE.with("num_heads", 2L).with("unidirectional", 1L))
                .outputs("y", "present"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"q,k,v", "q,k,v,b", "q,k,v,b,mask", "q,k,v,,,bias"})
    void multiHeadAttention(String inputs) {
        TestModel test = TestModel.opset(17)
                .input("q", numbers.normal(2, 3, 6))
                .input("k", numbers.normal(2, 4, 6))
                .input("v", numbers.normal(2, 4, 6))
                .initializer("b", numbers.normal(18))
                .initializer("mask", Value.of(ElementType.I32, new int[] {2, 4}, new long[] {1, 1, 1, 0, 1, 1, 0, 0}))
                .initializer("bias", numbers.normal(1, 2, 3, 4))
                .node("com.microsoft:MultiHeadAttention", inputs, "y", NONE.with("num_heads", 2L))
                .outputs("y");
        assertAsBoth(test);
    }

    @ParameterizedTest
    @CsvSource({"2, 0, 0", "2, 1, 0", "1, 0, 0", "2, 0, 4"})
    void rotaryEmbedding(int positionRank, long interleaved, long turned) {
        int pairs = turned == 0 ? 4 : 2;
        Value positions = positionRank == 1 ? Value.ints(new int[] {1}, 2) : numbers.below(9, 2, 3);
        TestModel test = TestModel.opset(17)
                .input("x", numbers.normal(2, 3, 16))
                .input("p", positions)
                .initializer("cos", numbers.normal(9, pairs))
                .initializer("sin", numbers.normal(9, pairs))
                .node(
                        "com.microsoft:RotaryEmbedding",
                        "x,p,cos,sin",
                        "y",
                        NONE.with("interleaved", interleaved)
                                .with("num_heads", turned == 0 ? 0L : 2L)
                                .with("rotary_embedding_dim", turned))
                .outputs("y");
        assertAsBoth(test);
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "true, 1", "false, 0", "false, 1"})
    void rotaryEmbeddingOfTheStandard(boolean flat, long interleaved) {
        assertAsBoth(TestModel.opset(23)
                .input("x", flat ? numbers.normal(2, 3, 16) : numbers.normal(2, 2, 3, 8))
                .initializer("cos", flat ? numbers.normal(9, 4) : numbers.normal(2, 3, 4))
                .initializer("sin", flat ? numbers.normal(9, 4) : numbers.normal(2, 3, 4))
                .initializer("p", numbers.below(9, 2, 3))
                .node(
                        "RotaryEmbedding",
                        flat ? "x,cos,sin,p" : "x,cos,sin",
                        "y",
                        NONE.with("interleaved", interleaved).with("num_heads", 2L))
                .outputs("y"));
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 0, 0, none", "4, 2, 1, 0, none", "2, 2, 0, 3, float", "4, 1, 1, 0, bool"})
    void attentionOfTheStandard(int heads, int keyHeads, long causal, float softcap, String mask) {
        TestModel test = TestModel.opset(23)
                .input("q", numbers.normal(2, 3, heads * 4))
                .input("k", numbers.normal(2, 5, keyHeads * 4))
                .input("v", numbers.normal(2, 5, keyHeads * 4))
                .input("float", numbers.normal(1, 1, 3, 5))
                .input("bool", Value.of(ElementType.BOOL, new int[] {3, 5}, new long[] {
                    1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1
                }))
                .node(
                        "Attention",
                        mask.equals("none") ? "q,k,v" : "q,k,v," + mask,
                        "y,,,stage",
                        NONE.with("q_num_heads", (long) heads)
                                .with("kv_num_heads", (long) keyHeads)
                                .with("is_causal", causal)
                                .with("softcap", softcap))
                .outputs("y", "stage");
        assertAsBoth(test);
    }

    @Test
    void attentionOfTheStandardWithHeadsAsAnAxisAndPast() {
        assertAsBoth(TestModel.opset(23)
                .input("q", numbers.normal(2, 4, 3, 4))
                .input("k", numbers.normal(2, 2, 3, 4))
                .input("v", numbers.normal(2, 2, 3, 4))
                .input("pk", numbers.normal(2, 2, 2, 4))
                .input("pv", numbers.normal(2, 2, 2, 4))
                .node("Attention", "q,k,v,,pk,pv", "y,keys,values", NONE.with("is_causal", 1L))
                .outputs("y", "keys", "values"));
    }

    /** Two taps are moved: from beside a corner into it by half a pixel, and by a tenth of one between 3 and 4. */
    @Test
    void deformableConvolutionByHand() {
        double[] offsets = new double[8 * 4];
        offsets[0] = 0.5;
        offsets[5 * 4 + 1] = -0.1;
        TestModel test = TestModel.opset(19)
                .input("x", Value.floats(new int[] {1, 1, 3, 3}, 0, 1, 2, 3, 4, 5, 6, 7, 8))
                .initializer("w", Value.floats(new int[] {1, 1, 2, 2}, 1, 1, 1, 1))
                .input("offsets", Value.floats(new int[] {1, 8, 2, 2}, offsets))
                .node("DeformConv", "x,w,offsets", "y", NONE.with("kernel_shape", new long[] {2, 2}))
                .outputs("y");
        Value expected = Value.floats(new int[] {1, 1, 2, 2}, 9.5, 11.9, 20, 24);
        assertSame("by hand", Map.of("y", expected), RaisedGraph.run(test.build(), test.inputs()));
    }

    @Test
    void deformableConvolutionWithoutOffsetsIsAConvolution() {
        Attributes attributes = NONE.with("strides", new long[] {2, 1})
                .with("dilations", new long[] {1, 2})
                .with("pads", new long[] {1, 2, 0, 1})
                .with("group", 2L);
        TestModel plain = TestModel.opset(19)
                .input("x", numbers.normal(2, 4, 5, 6))
                .initializer("w", numbers.normal(6, 2, 3, 2))
                .initializer("b", numbers.normal(6))
                .input("offsets", Value.floats(new int[] {2, 24, 2, 7}, new double[2 * 24 * 2 * 7]))
                .node("Conv", "x,w,b", "plain", attributes)
                .node("DeformConv", "x,w,offsets,b", "y", attributes.with("offset_group", 2L))
                .outputs("plain", "y");
        Map<String, Value> outputs = RaisedGraph.run(plain.build(), plain.inputs());
        assertSame("Conv", Map.of("y", outputs.get("plain")), outputs);
    }

    @ParameterizedTest
    @CsvSource({"1, false", "1, true", "2, false", "2, true"})
    void deformableConvolution(int offsetGroups, boolean masked) {
        int taps = 6 * offsetGroups;
        assertAsEvaluated(TestModel.opset(22)
                .input("x", numbers.normal(2, 4, 5, 6))
                .initializer("w", numbers.normal(3, 4, 3, 2))
                .initializer("b", numbers.normal(3))
                .input("offsets", numbers.normal(2, 2 * taps, 3, 5))
                .input("mask", numbers.normal(2, taps, 3, 5))
                .node("DeformConv", masked ? "x,w,offsets,b,mask" : "x,w,offsets", "y", NONE.with("offset_group", (long)
                        offsetGroups))
                .outputs("y"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ids,segments,words,positions,segment,scale,bias,mask", "ids,,words,positions,,scale,bias"})
    void embedLayerNormalization(String inputs) {
        Value ids =
                Value.of(ElementType.I32, new int[] {2, 5}, numbers.below(9, 10).longs());
        TestModel test = TestModel.opset(17)
                .input("ids", ids)
                .input(
                        "segments",
                        Value.of(
                                ElementType.I32,
                                new int[] {2, 5},
                                numbers.below(2, 10).longs()))
                .input("mask", Value.of(ElementType.I32, new int[] {2, 5}, new long[] {1, 1, 1, 0, 0, 1, 1, 1, 1, 1}))
                .initializer("words", numbers.normal(9, 4))
                .initializer("positions", numbers.normal(7, 4))
                .initializer("segment", numbers.normal(2, 4))
                .initializer("scale", numbers.normal(4))
                .initializer("bias", numbers.normal(4))
                .node("com.microsoft:EmbedLayerNormalization", inputs, "y,lengths")
                .outputs("y", "lengths");
        assertAsOnnxRuntime(test);
    }

    @ParameterizedTest
    @CsvSource({
        "com.microsoft:MatMulNBits, belongs to a quantized model",
        "com.microsoft:QAttention, belongs to a quantized model",
        "DequantizeLinear, belongs to a quantized model",
        "QLinearConv, belongs to a quantized model",
        "com.microsoft.nchwc:Conv, a layout for one machine",
        "com.microsoft:GreedySearch, which this release does not know"
    })
    void refusesByName(String op, String reason) {
        TestModel test = TestModel.opset(17)
                .input("x", numbers.normal(2, 3))
                .node(op, "x", "y")
                .outputs("y");
        String message = assertThrows(SquisherException.class, () -> RaisedGraph.of(test.build()))
                .getMessage();
        assertTrue(message.contains(reason) && message.contains(op.substring(op.indexOf(':') + 1)), message);
    }
}
