package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.autodiff.GradientCheck;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.tensor.ElementType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecurrentRuleTest {
    private static final int HIDDEN = 3;
    private static final int FEATURES = 2;
    private static final int BATCH = 2;
    private static final int TIME = 4;
    private static final Map<String, Integer> GATES = Map.of("LSTM", 4, "GRU", 3, "RNN", 1);

    private static TestModel model(String op, String inputs, String outputs, Attributes attributes, int seed) {
        return model(op, inputs, outputs, attributes, seed, TIME);
    }

    private static TestModel model(
            String op, String inputs, String outputs, Attributes attributes, int seed, int time) {
        Numbers numbers = new Numbers(seed);
        int directions = attributes.string("direction", "forward").equals("bidirectional") ? 2 : 1;
        int rows = GATES.get(op) * HIDDEN;
        boolean batchFirst = attributes.integer("layout", 0) == 1;
        TestModel test = TestModel.opset(14)
                .input("x", batchFirst ? numbers.normal(BATCH, time, FEATURES) : numbers.normal(time, BATCH, FEATURES))
                .initializer("w", numbers.normal(0.5, directions, rows, FEATURES))
                .initializer("r", numbers.normal(0.5, directions, rows, HIDDEN))
                .initializer("b", numbers.normal(0.5, directions, 2 * rows))
                .initializer("lengths", Value.of(ElementType.I32, new int[] {BATCH}, new long[] {time, 2}))
                .initializer("h", state(numbers, directions, batchFirst))
                .initializer("c", state(numbers, directions, batchFirst))
                .initializer("p", numbers.normal(0.5, directions, 3 * HIDDEN))
                .node(op, inputs, outputs, attributes.with("hidden_size", (long) HIDDEN));
        return test.outputs(java.util.Arrays.stream(outputs.split(","))
                .filter(name -> !name.isEmpty())
                .toArray(String[]::new));
    }

    private static Value state(Numbers numbers, int directions, boolean batchFirst) {
        return batchFirst ? numbers.normal(BATCH, directions, HIDDEN) : numbers.normal(directions, BATCH, HIDDEN);
    }

    private static void check(TestModel test, int seed) {
        GradientCheck.check(test.build(), test.inputs(), seed).assertPassed();
    }

    @ParameterizedTest
    @CsvSource({
        "LSTM, 'x,w,r', 'y,,'",
        "LSTM, 'x,w,r,b', 'y,last,cell'",
        "LSTM, 'x,w,r,b', ',last'",
        "LSTM, 'x,w,r,b', ',,cell'",
        "LSTM, 'x,w,r,b,,h,c', 'y,last,cell'",
        "LSTM, 'x,w,r,b,lengths,h,c', 'y,last,cell'",
        "GRU, 'x,w,r', y",
        "GRU, 'x,w,r,b,,h', 'y,last'",
        "GRU, 'x,w,r,b,lengths,h', 'y,last'",
        "RNN, 'x,w,r', y",
        "RNN, 'x,w,r,b,,h', 'y,last'",
        "RNN, 'x,w,r,b,lengths,h', 'y,last'"
    })
    void inEveryDirection(String op, String inputs, String outputs) {
        int seed = 1;
        for (String direction : List.of("forward", "reverse", "bidirectional")) {
            check(model(op, inputs, outputs, Attributes.NONE.with("direction", direction), seed), seed);
            seed++;
        }
    }

    @ParameterizedTest
    @CsvSource({"LSTM, 'x,w,r,b,lengths,h,c,p'", "GRU, 'x,w,r,b,lengths,h'", "RNN, 'x,w,r,b,lengths,h'"})
    void overManySteps(String op, String inputs) {
        String outputs = op.equals("LSTM") ? "y,last,cell" : "y,last";
        check(model(op, inputs, outputs, Attributes.NONE.with("direction", "bidirectional"), 12, 40), 12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x,w,r", "x,w,r,b,,h", "x,w,r,b,lengths,h"})
    void gruWithTheLinearPartBeforeTheReset(String inputs) {
        Attributes attributes = Attributes.NONE.with("linear_before_reset", 1L).with("direction", "bidirectional");
        check(model("GRU", inputs, "y,last", attributes, 5), 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LSTM", "GRU", "RNN"})
    void withTheBatchFirst(String op) {
        String inputs = op.equals("LSTM") ? "x,w,r,b,,h,c" : "x,w,r,b,,h";
        check(model(op, inputs, "y,last", Attributes.NONE.with("layout", 1L), 6), 6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Affine",
                "Elu",
                "HardSigmoid",
                "LeakyRelu",
                "Relu",
                "ScaledTanh",
                "Sigmoid",
                "Softplus",
                "Softsign",
                "Tanh",
                "ThresholdedRelu"
            })
    void lstmWithAnyActivation(String name) {
        Attributes attributes = Attributes.of(List.of(
                strings("activations", name, "Tanh", name),
                floats("activation_alpha", 0.4f, 0.7f),
                floats("activation_beta", 0.6f, 0.3f)));
        check(model("LSTM", "x,w,r,b,,h,c,p", "y,last,cell", attributes, 7), 7);
        check(model("LSTM", "x,w,r,b,,h,c,p", "y,last,cell", attributes.with("clip", 0.4f), 8), 8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Relu", "Softplus", "Sigmoid"})
    void rnnWithOtherActivations(String name) {
        // ONNX Runtime reads the lists of an RNN without asking whether they are there.
        Attributes attributes = Attributes.of(
                List.of(strings("activations", name), floats("activation_alpha", 0), floats("activation_beta", 0)));
        check(model("RNN", "x,w,r,b,,h", "y,last", attributes, 7), 7);
        check(model("RNN", "x,w,r,b,lengths,h", "y,last", attributes.with("clip", 0.6f), 9), 9);
    }

    @ParameterizedTest
    @CsvSource({
        "'x,w,r,b,,h,c,p', 0",
        "'x,w,r,b,lengths,h,c,p', 0",
        "'x,w,r,b,lengths,,,p', 0",
        "'x,w,r,b,,h,c,p', 1",
        "'x,w,r,b,lengths,h,c', 1"
    })
    void lstmWithPeepholesOrCoupledGates(String inputs, long coupled) {
        Attributes attributes =
                Attributes.NONE.with("direction", "bidirectional").with("input_forget", coupled);
        check(model("LSTM", inputs, "y,last,cell", attributes, 10), 10);
    }

    private static AttributeProto strings(String name, String... values) {
        AttributeProto.Builder proto =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.STRINGS);
        for (String value : values) {
            proto.addStrings(io.squisher.internal.protobuf.ByteString.copyFromUtf8(value));
        }
        return proto.build();
    }

    private static AttributeProto floats(String name, float... values) {
        AttributeProto.Builder proto =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.FLOATS);
        for (float value : values) {
            proto.addFloats(value);
        }
        return proto.build();
    }
}
