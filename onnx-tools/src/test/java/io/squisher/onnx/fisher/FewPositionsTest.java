package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A matrix of weights shared by few positions, whose squares come from pairs of positions: with positions of zeros added,
 * which add nothing to any gradient, they come from gradients of single examples, and must be the same.
 */
class FewPositionsTest {
    private static final int EXAMPLES = 9;
    private static final int WIDTH = 5;
    private static final int CLASSES = 4;
    private static final int MANY = 7;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void squaresFromPairsAreThoseOfTheGradients(int positions) {
        FisherRequest few = request(positions, positions);
        FisherRequest many = request(positions, MANY);
        RelativeError.check(positions + " positions", Estimation.of(many), Estimation.of(few), 2e-5);
        assertEquals(
                positions == 1 ? "product of squares" : "product of pairs of positions", path(few), positions + "");
        assertEquals("per-example product", path(many));
    }

    private static String path(FisherRequest request) {
        try (FisherPlan plan = FisherPlan.of(request)) {
            return plan.paths().get("w");
        }
    }

    private static FisherRequest request(int filled, int positions) {
        Random random = new Random(11);
        float[] x = new float[EXAMPLES * positions * WIDTH];
        long[] labels = new long[EXAMPLES];
        for (int n = 0; n < EXAMPLES; n++) {
            for (int i = 0; i < filled * WIDTH; i++) {
                x[n * positions * WIDTH + i] = (float) random.nextGaussian();
            }
            labels[n] = random.nextInt(CLASSES);
        }
        Examples examples = Examples.of(
                "examples",
                Map.of(
                        "x", Tensor.of(Shape.of(EXAMPLES, positions, WIDTH), x),
                        "labels", Tensor.of(Shape.of(EXAMPLES), labels)));
        return FisherRequest.of(model(positions), examples, new Likelihood.Categorical(-1), new FisherKind.Empirical())
                .withBatchSize(4);
    }

    private static OnnxFile model(int positions) {
        Random random = new Random(12);
        float[] w = new float[WIDTH * CLASSES];
        for (int i = 0; i < w.length; i++) {
            w[i] = (float) random.nextGaussian();
        }
        return new OnnxFile(
                Path.of("shared.onnx"),
                new ModelBuilder()
                        .nodes(List.of(
                                new Node("h", "MatMul", "", List.of("x", "w"), List.of("h"), Attributes.NONE),
                                new Node("t", "Tanh", "", List.of("h"), List.of("t"), Attributes.NONE),
                                new Node(
                                        "y",
                                        "ReduceSum",
                                        "",
                                        List.of("t", "axis"),
                                        List.of("y"),
                                        Attributes.NONE.with("keepdims", 0))))
                        .initializers(Map.of(
                                "w", OnnxTensors.write("w", Tensor.of(Shape.of(WIDTH, CLASSES), w)),
                                "axis", OnnxTensors.write("axis", Tensor.of(Shape.of(1), 1L))))
                        .inputs(List.of(ModelBuilder.input("x", DataType.FLOAT_VALUE, -1, positions, WIDTH)))
                        .output("y")
                        .build());
    }
}
