package io.squisher.onnx.fisher;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Numbers;
import io.squisher.onnx.graph.TestModel;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A head that is a convolution gives logits {@code [N, C, 1, 1]}, and its data labels {@code [N]}: as if it were flat. */
class MapLogitsTest {
    private static final int EXAMPLES = 5;
    private static final int CLASSES = 3;
    private static final Value X = RaisedGraph.float32(new Numbers(17).normal(EXAMPLES, 2, 4, 4));

    private static OnnxFile model(boolean flat) {
        Numbers numbers = new Numbers(18);
        TestModel test = TestModel.opset(17)
                .input("x", X, -1, 2, 4, 4)
                .initializer("k", RaisedGraph.float32(numbers.normal(5, 2, 3, 3)))
                .initializer("head", RaisedGraph.float32(numbers.normal(CLASSES, 5, 1, 1)))
                .initializer("b", RaisedGraph.float32(numbers.normal(CLASSES)))
                .node("Conv", "x,k", "a")
                .node("Relu", "a", "r")
                .node("GlobalAveragePool", "r", "p")
                .node("Conv", "p,head,b", "z")
                .node(flat ? "Flatten" : "Identity", "z", "y")
                .outputs("y");
        return new OnnxFile(Path.of("m.onnx"), test.build());
    }

    private static Map<String, double[]> estimate(boolean flat, Likelihood likelihood, FisherKind kind, long... dims) {
        Tensor labels = Tensor.of(Shape.of(dims), 2L, 0L, 1L, 1L, 2L);
        Examples examples = Examples.of("data", Map.of("x", X.tensor(), "labels", labels));
        return Estimation.of(FisherRequest.of(model(flat), examples, likelihood, kind));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -3})
    void takeALabelForEachExample(int axis) {
        for (FisherKind kind : List.of(
                new FisherKind.Empirical(),
                new FisherKind.Exact(),
                new FisherKind.Sampled(2, 7),
                new FisherKind.Joint(),
                new FisherKind.Absolute())) {
            Map<String, double[]> expected = estimate(true, new Likelihood.Categorical(1), kind, EXAMPLES);
            Likelihood likelihood = new Likelihood.Categorical(axis);
            RelativeError.check("labels [N], " + kind, expected, estimate(false, likelihood, kind, EXAMPLES), 1e-5);
            RelativeError.check(
                    "labels [N, 1, 1], " + kind, expected, estimate(false, likelihood, kind, EXAMPLES, 1, 1), 1e-5);
        }
    }
}
