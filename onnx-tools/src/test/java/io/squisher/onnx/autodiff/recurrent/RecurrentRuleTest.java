package io.squisher.onnx.autodiff.recurrent;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
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
        Numbers numbers = new Numbers(seed);
        int directions = attributes.string("direction", "forward").equals("bidirectional") ? 2 : 1;
        int rows = GATES.get(op) * HIDDEN;
        boolean batchFirst = attributes.integer("layout", 0) == 1;
        TestModel test = TestModel.opset(14)
                .input("x", batchFirst ? numbers.normal(BATCH, TIME, FEATURES) : numbers.normal(TIME, BATCH, FEATURES))
                .initializer("w", numbers.normal(0.5, directions, rows, FEATURES))
                .initializer("r", numbers.normal(0.5, directions, rows, HIDDEN))
                .initializer("b", numbers.normal(0.5, directions, 2 * rows))
                .initializer("lengths", Value.of(ElementType.I32, new int[] {BATCH}, new long[] {TIME, 2}))
                .initializer("h", state(numbers, directions, batchFirst))
                .initializer("c", state(numbers, directions, batchFirst))
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
    @ValueSource(strings = {"Relu", "Tanh"})
    void rnnWithEitherActivation(String activation) {
        check(model("RNN", "x,w,r,b,,h", "y,last", activations(activation), 7), 7);
    }

    @ParameterizedTest
    @CsvSource({"Softsign, has other activations than Tanh", "Elu, has other activations than Tanh"})
    void refusesOtherActivations(String activation, String reason) {
        TestModel test = model("RNN", "x,w,r,b", "y", activations(activation), 8);
        String message =
                assertThrows(SquisherException.class, () -> check(test, 8)).getMessage();
        assertTrue(message.contains(reason), message);
    }

    private static Attributes activations(String name) {
        return Attributes.of(List.of(AttributeProto.newBuilder()
                .setName("activations")
                .setType(AttributeProto.AttributeType.STRINGS)
                .addStrings(com.google.protobuf.ByteString.copyFromUtf8(name))
                .build()));
    }
}
