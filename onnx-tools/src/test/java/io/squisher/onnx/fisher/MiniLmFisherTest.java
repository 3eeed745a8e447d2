package io.squisher.onnx.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.graph.ElementOrder;
import io.squisher.onnx.fisher.graph.FisherGraph;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class MiniLmFisherTest {
    private static final long SEED = 3;
    private static final Likelihood UNIT_VARIANCE = new Likelihood.Gaussian(1);
    private static final int LARGE = 10_000;

    @TempDir
    static Path folder;

    private static OnnxFile model;

    @BeforeAll
    static void unpack() {
        model = SentenceEncoder.unpack(folder);
    }

    /**
     * Along g/|g| plus a random unit vector, with steps that change the log-likelihood by 0.1 of about 200: float32 and
     * the third derivative leave about 0.1 % each, 1 % is allowed.
     */
    @Test
    void directionalDerivativesAgreeWithCentralDifferences() {
        Examples examples = SentenceEncoder.sentences(SEED, 7, 10);
        FisherPlan plan = FisherPlan.of(FisherRequest.of(model, examples, UNIT_VARIANCE, new FisherKind.Joint()));
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (SingleGradients single = new SingleGradients(plan)) {
            single.of(0, (name, gradient) -> gradients.put(name, copy(gradient)));
        }
        double largest = gradients.values().stream()
                .mapToDouble(MiniLmFisherTest::norm)
                .max()
                .orElseThrow();
        Random random = new Random(SEED);
        try (WeightPerturbation forward = new WeightPerturbation(plan)) {
            gradients.forEach((name, gradient) -> {
                float[] direction = direction(gradient, norm(gradient), random);
                double expected = dot(gradient, direction);
                if (norm(gradient) > 1e-5 * largest) {
                    double seen = forward.slope(name, direction, 0.1 / Math.abs(expected));
                    assertEquals(expected, seen, 0.01 * Math.abs(expected), name + ", seed " + SEED);
                } else {
                    // Softmax does not change when all its inputs move together: the biases of keys have no gradient.
                    assertTrue(name.endsWith("key.bias"), name);
                    double seen = forward.slope(name, direction, 0.1);
                    assertEquals(0, seen, 1e-4 * largest, name + ", seed " + SEED);
                }
            });
        }
    }

    @Test
    void theFisherIsTheMeanOfTheSquaresOfSingleExamples() {
        Examples examples = SentenceEncoder.sentences(SEED, 10, 7, 10, 5);
        Map<String, double[]> expected = new LinkedHashMap<>();
        FisherPlan plan = FisherPlan.of(FisherRequest.of(model, examples, UNIT_VARIANCE, new FisherKind.Joint()));
        try (SingleGradients single = new SingleGradients(plan)) {
            for (int example = 0; example < examples.count(); example++) {
                single.of(example, (name, gradient) -> addSquares(expected, name, gradient, examples.count()));
            }
        }
        FisherRequest request = FisherRequest.of(model, examples, UNIT_VARIANCE, new FisherKind.Empirical())
                .withBatchSize((int) examples.count());
        try (FisherEstimator estimator = new FisherEstimator(request)) {
            estimator.plan().parameters().forEach((name, shape) -> {
                String path = estimator.plan().paths().get(name);
                assertFalse(shape.size() > LARGE && path.startsWith("one example"), name + ": " + path);
            });
            Map<String, double[]> actual = new LinkedHashMap<>();
            estimator
                    .run(FisherListener.SILENT)
                    .tensors()
                    .forEach((name, tensor) -> actual.put(name, tensor.toDoubles()));
            long parameters =
                    actual.values().stream().mapToLong(values -> values.length).sum();
            assertTrue(parameters > 22_500_000, parameters + " parameters");
            RelativeError.checkAgainstLargest("MiniLM", expected, actual, 1e-4);
            expected.keySet().removeIf(name -> name.endsWith("key.bias"));
            actual.keySet().removeIf(name -> name.endsWith("key.bias"));
            RelativeError.check("MiniLM", expected, actual, 1e-2);
        }
    }

    private static void addSquares(Map<String, double[]> sums, String name, FloatBuffer gradient, long count) {
        double[] sum = sums.computeIfAbsent(name, missing -> new double[gradient.capacity()]);
        for (int i = 0; i < sum.length; i++) {
            double value = gradient.get(i);
            sum[i] += value * value / count;
        }
    }

    private static float[] copy(FloatBuffer buffer) {
        float[] values = new float[buffer.capacity()];
        buffer.get(0, values);
        return values;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static double norm(float... values) {
        return Math.sqrt(dot(values, values));
    }

    private static float[] direction(float[] gradient, double norm, Random random) {
        float[] direction = new float[gradient.length];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = (float) random.nextGaussian();
        }
        double length = norm(direction);
        for (int i = 0; i < direction.length; i++) {
            direction[i] = (float) (direction[i] / length + gradient[i] / norm);
        }
        return direction;
    }

    /** Receives a parameter's gradient, valid until the next. */
    private interface GradientConsumer {
        void accept(String parameter, FloatBuffer gradient);
    }

    /** Ordinary gradients, one example at a time. */
    private static final class SingleGradients implements AutoCloseable {
        private final FisherPlan plan;
        private final InferenceSession session;
        private final Map<String, ByteBuffer> buffers = new LinkedHashMap<>();

        SingleGradients(FisherPlan plan) {
            this.plan = plan;
            FisherGraph graph = plan.parts().get(0).graph();
            session = InferenceSession.create(graph.model(), RuntimeSettings.CPU);
            graph.outputs()
                    .forEach((parameter, output) -> buffers.put(
                            parameter,
                            session.pin(output, graph.orders().get(parameter).output())));
        }

        void of(int example, GradientConsumer consumer) {
            Map<String, Tensor> fed = new HashMap<>(plan.data().inputs(example, 1));
            fed.putAll(plan.head()
                    .targets(
                            plan.data()
                                    .labels(example, 1, plan.head().labelType())
                                    .orElseThrow(),
                            example,
                            1));
            fed.keySet().retainAll(session.inputs());
            session.run(fed, Set.of());
            FisherGraph graph = plan.parts().get(0).graph();
            float scale = (float) (1 / graph.scale());
            buffers.forEach((parameter, buffer) -> {
                ElementOrder order = graph.orders().get(parameter);
                FloatBuffer seen = buffer.asFloatBuffer();
                FloatBuffer gradient = FloatBuffer.allocate(seen.capacity());
                for (int i = 0; i < gradient.capacity(); i++) {
                    gradient.put((int) order.inParameter(i), seen.get(i) * scale);
                }
                consumer.accept(parameter, gradient);
            });
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
