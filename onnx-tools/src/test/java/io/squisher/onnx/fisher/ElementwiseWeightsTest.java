package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.autodiff.rules.StandardRules;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.operators.OperatorFacts;
import io.squisher.onnx.operators.Trait;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every elementwise operator with a derivative, on weights before they meet the examples and on activations after it. */
class ElementwiseWeightsTest {
    private static final int EXAMPLES = 3;

    /** Defined between -1 and 1 alone. */
    private static final Set<String> SMALL = Set.of("Acos", "Asin", "Atanh");

    private final Numbers numbers = new Numbers(29);
    private final Value x = RaisedGraph.float32(numbers.normal(EXAMPLES, 2, 3));

    static Stream<String> operators() {
        return OperatorFacts.all().entrySet().stream()
                .filter(entry -> entry.getValue().isElementwise())
                .map(Map.Entry::getKey)
                .filter(operator -> StandardRules.all().differentiable().contains(operator));
    }

    /** Values around 1.5, or 0.5 where an operator asks for it. */
    private Value weights(String operator, int... dims) {
        Value positive = numbers.positive(dims);
        double shift = SMALL.contains(operator) ? 0 : 1;
        double[] values = Arrays.stream(positive.doubles())
                .map(value -> shift + value / 2.5)
                .toArray();
        return RaisedGraph.float32(Value.floats(dims, values));
    }

    private static TestModel node(TestModel test, String operator, String first, String output) {
        OperatorFacts facts = OperatorFacts.of("", operator);
        String inputs = first;
        if (operator.equals("Where")) {
            inputs = "chosen," + first + ",other";
        } else if (facts.has(Trait.BROADCAST) || operator.equals("CastLike")) {
            inputs = first + ",other";
        }
        Attributes attributes = Attributes.NONE;
        if (operator.equals("Cast")) {
            attributes = attributes.with("to", (long) DataType.FLOAT_VALUE);
        } else if (operator.equals("Mod")) {
            attributes = attributes.with("fmod", 1L);
        }
        return test.node(operator, inputs, output, attributes);
    }

    private TestModel start(String operator) {
        return TestModel.opset(20)
                .input("x", x, -1, 2, 3)
                .initializer("w", weights(operator, 3, 4))
                .initializer("other", weights(operator, 4))
                .initializer("chosen", Value.of(ElementType.BOOL, new int[] {4}, new long[] {1, 0, 1, 0}));
    }

    private FisherRequest request(ModelProto model, int from, int rows, FisherKind kind) {
        OnnxFile file = new OnnxFile(Path.of("model.onnx"), model);
        int[] picked = IntStream.range(from, from + rows).toArray();
        Map<String, Tensor> arrays = Map.of(
                "x",
                x.select(0, picked).tensor(),
                "labels",
                Value.floats(new int[] {rows, 2, 4}, new double[8 * rows]).tensor());
        return FisherRequest.of(file, Examples.of("examples", arrays), new Likelihood.Gaussian(1), kind);
    }

    @ParameterizedTest
    @MethodSource("operators")
    void takeBatchesAsWeights(String operator) {
        ModelProto model = node(start(operator), operator, "w", "f")
                .node("MatMul", "x,f", "y")
                .outputs("y")
                .build();
        Map<String, double[]> expected = new LinkedHashMap<>();
        for (int n = 0; n < EXAMPLES; n++) {
            // Of one example, the joint kind squares the ordinary gradient.
            Estimation.of(request(model, n, 1, new FisherKind.Joint()))
                    .forEach((name, squares) -> expected.merge(
                            name,
                            Arrays.stream(squares).map(v -> v / EXAMPLES).toArray(),
                            ElementwiseWeightsTest::sum));
        }
        FisherRequest all = request(model, 0, EXAMPLES, new FisherKind.Empirical());
        try (FisherPlan plan = FisherPlan.of(all)) {
            assertEquals(1, plan.parts().size(), plan.paths().toString());
            assertFalse(plan.parts().get(0).gradients(), plan.paths().toString());
        }
        RelativeError.check(operator, expected, Estimation.of(all), 1e-4);
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = a.clone();
        Arrays.setAll(sum, i -> a[i] + b[i]);
        return sum;
    }

    /** The adapter of this normalization must know how many axes come in. */
    @ParameterizedTest
    @MethodSource("operators")
    void keepTheNumberOfAxesOfActivations(String operator) {
        TestModel test = node(start(operator).node("MatMul", "x,w", "product"), operator, "product", "a")
                .initializer("scale", Value.floats(new int[] {4}, 1, 2, 3, 4))
                .node("SimplifiedLayerNormalization", "a,scale", "y", Attributes.NONE.with("axis", 2L));
        Graph graph = RaisedGraph.of(test.outputs("y").build());
        assertTrue(graph.producers().containsKey("y"));
    }
}
