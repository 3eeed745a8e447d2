package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.cases.SomeOf;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.autodiff.rules.StandardRules;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.TestModel;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keeps a model from having a Fisher is named: the operator, and what is the matter with it. */
class TrueCauseTest {
    private static final int INT64 = 7;
    private static final int FLOAT = 1;

    private static TestModel linear() {
        return TestModel.opset(18)
                .input("x", Value.floats(new int[] {1, 2}, 1, 2), -1, 2)
                .initializer("W", Value.floats(new int[] {2, 3}, 1, -1, 0.5, 2, 0, -0.5))
                .node("MatMul", "x,W", "z");
    }

    private static FisherRequest request(ModelProto model, Shape x, Shape labels, Likelihood likelihood) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        float[] values = new float[(int) x.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.1f + i % 7;
        }
        arrays.put("x", Tensor.of(x, values));
        arrays.put("labels", Tensor.of(labels, new float[(int) labels.size()]));
        return FisherRequest.of(
                new OnnxFile(Path.of("m.onnx"), model),
                Examples.of("d", arrays),
                likelihood,
                new FisherKind.Empirical());
    }

    private static String refusal(TestModel model) {
        return assertThrows(
                        SquisherException.class,
                        () -> Estimation.of(
                                request(model.build(), Shape.of(4, 2), Shape.of(4, 3), new Likelihood.Gaussian(1))))
                .getMessage();
    }

    @ParameterizedTest
    @CsvSource({"Round, step", "Floor, step", "Ceil, step", "Sign, step", "Hardmax, step"})
    void aStepIsNamed(String op, String word) {
        String message =
                refusal(linear().node(op, "z", "r").node("Neg", "r", "y").outputs("y"));
        assertTrue(message.contains("no gradient passes " + op), message);
        assertTrue(message.contains(word), message);
        assertTrue(message.contains("--output"), message);
    }

    @Test
    void anIntegerIsNamed() {
        String message = refusal(linear().node("Relu", "z", "a")
                .node("Cast", "a", "i", Attributes.NONE.with("to", INT64))
                .node("Cast", "i", "y", Attributes.NONE.with("to", FLOAT))
                .outputs("y"));
        assertTrue(message.contains("no gradient passes Cast 'Cast_2', which makes integers"), message);
    }

    @Test
    void treesAndOtherDomainsAreNamed() {
        for (String[] of : new String[][] {
            {"ai.onnx.ml:TreeEnsembleRegressor", "decision trees"},
            {"ai.onnx.ml:LinearRegressor", "classical models"},
            {"my.own:Operator", "the domain 'my.own'"}
        }) {
            String message = refusal(linear().node(of[0], "z", "y").outputs("y"));
            assertTrue(message.contains(of[1]), message);
        }
    }

    @Test
    void aMeanOverAxesThatAreNotThereIsRefused() {
        String message =
                refusal(linear().node("MeanVarianceNormalization", "z", "y").outputs("y"));
        assertTrue(message.contains("MeanVarianceNormalization"), message);
        assertEquals(1, message.lines().count());
    }

    static List<String> differentiable() {
        return List.copyOf(new TreeSet<>(StandardRules.all().differentiable()));
    }

    /** Whatever ONNX Runtime makes of a node with inputs that its operator does not have, it ends in one line or in numbers. */
    @ParameterizedTest
    @SomeOf("differentiable")
    void anyRankEndsInOneLine(String op) {
        for (int rank = 1; rank <= 5; rank++) {
            for (int inputs = 1; inputs <= 3; inputs++) {
                long[] dims = new long[rank];
                java.util.Arrays.fill(dims, 2);
                dims[0] = -1;
                int[] one = new int[rank];
                java.util.Arrays.fill(one, 1);
                TestModel model = TestModel.opset(18)
                        .input("x", Value.floats(one, 0), dims)
                        .initializer("w", Value.floats(new int[] {1}, 0.5))
                        .initializer("v", Value.floats(new int[] {1}, 0.25))
                        .node("Mul", "x,w", "a")
                        .node(op, String.join(",", List.of("a", "a", "v").subList(0, inputs)), "y")
                        .outputs("y");
                dims[0] = 4;
                FisherRequest request =
                        request(model.build(), Shape.of(dims), Shape.of(dims), new Likelihood.Gaussian(1));
                try {
                    Estimation.of(request);
                } catch (SquisherException e) {
                    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
                }
            }
        }
    }
}
