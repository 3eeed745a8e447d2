package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.fisher.logits.ListedValue;
import io.squisher.onnx.fisher.logits.ValueList;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.TestModel;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A classifier that ends in an accuracy, a drawn action and a picture of bytes, none of which has a gradient. */
class ChosenOutputTest {
    private static final int INT64 = 7;
    private static final int UINT8 = 2;

    private static TestModel ending(String... outputs) {
        return TestModel.opset(18)
                .input("x", Value.floats(new int[] {2, 2}, 1, 2, 3, 4), -1, 2)
                .input("target", Value.ints(new int[] {2}, 0, 1), -1)
                .initializer("W", Value.floats(new int[] {2, 3}, 1, -1, 0.5, 2, 0, -0.5))
                .initializer("b", Value.floats(new int[] {3}, 0.1, 0.2, 0.3))
                .node("MatMul", "x,W", "product")
                .node("Add", "product,b", "z")
                .node("ArgMax", "z", "best", Attributes.NONE.with("axis", 1).with("keepdims", 0))
                .node("Equal", "best,target", "right")
                .node("Cast", "right", "hits", Attributes.NONE.with("to", 1))
                .node("ReduceMean", "hits", "accuracy", Attributes.NONE.with("keepdims", 0))
                .node("Multinomial", "z", "action", Attributes.NONE.with("dtype", INT64))
                .node("Cast", "z", "picture", Attributes.NONE.with("to", UINT8))
                .outputs(outputs);
    }

    private static FisherRequest request(TestModel model, String... arrays) {
        Tensor x = Tensor.of(Shape.of(2, 2), 1f, 2f, -1f, 0.5f);
        Map<String, Tensor> all =
                Map.of("x", x, "target", Tensor.of(Shape.of(2), 0L, 1L), "labels", Tensor.of(Shape.of(2), 0L, 1L));
        Map<String, Tensor> given = new java.util.LinkedHashMap<>(all);
        given.keySet().retainAll(List.of(arrays));
        return FisherRequest.of(
                new OnnxFile(Path.of("m.onnx"), model.build()),
                Examples.of("d.npz", given),
                new Likelihood.Categorical(-1),
                new FisherKind.Empirical());
    }

    @ParameterizedTest
    @ValueSource(strings = {"accuracy", "action", "picture"})
    void anInnerValueIsTakenWhateverTheModelEndsIn(String end) {
        Map<String, double[]> expected = Estimation.of(request(ending("z"), "x", "labels"));
        // The target of the accuracy feeds nothing that the logits need.
        Map<String, double[]> actual =
                Estimation.of(request(ending(end), "x", "labels").withOutput("z"));
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> assertArrayEquals(values, actual.get(name), 1e-12, name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"accuracy", "action", "picture"})
    void anOutputWithoutGradientNamesTheWayOut(String end) {
        SquisherException refused = assertThrows(
                SquisherException.class, () -> Estimation.of(request(ending(end), "x", "target", "labels")));
        assertTrue(refused.getMessage().contains("--output"), refused.getMessage());
        assertTrue(refused.getMessage().contains("inspect --graph"), refused.getMessage());
        assertEquals(end.equals("action"), refused.getMessage().contains("Multinomial"), refused.getMessage());
    }

    @Test
    void anUnknownNameIsCorrected() {
        SquisherException refused = assertThrows(
                SquisherException.class,
                () -> Estimation.of(request(ending("z"), "x", "labels").withOutput("prodcut")));
        assertTrue(refused.getMessage().contains("did you mean 'product'?"), refused.getMessage());
        assertTrue(refused.getMessage().contains("inspect --graph"), refused.getMessage());
    }

    @Test
    void valuesAreListedWithTheirShapesAndThoseThatLookLikeLogits() {
        List<ListedValue> values = ValueList.of(
                new OnnxFile(Path.of("m.onnx"), ending("picture", "accuracy").build()));
        assertEquals(
                List.of(
                        new ListedValue("product", "MatMul", "[N, 3]", false, false),
                        new ListedValue("z", "Add", "[N, 3]", false, true),
                        new ListedValue("hits", "Cast", "[N]", false, false),
                        new ListedValue("accuracy", "ReduceMean", "[]", true, false)),
                values);
    }
}
