package io.squisher.tf.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tf.graph.SessionTensor;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/** Compares an exported model's outputs under ONNX Runtime with TensorFlow's own. */
final class ExportCheck {
    private static final double TOLERANCE = 1e-5;

    private ExportCheck() {}

    /** Exports from {@code inputs} (name → shape to feed, filled with seeded noise) to {@code output} and compares. */
    static ModelProto compare(Graph graph, Session session, Map<String, long[]> inputs, String output) {
        return compareAs(graph, session, inputs, output, output);
    }

    /** As {@link #compare}, with the outputs of another of TensorFlow's tensors. */
    static ModelProto compareAs(
            Graph graph, Session session, Map<String, long[]> inputs, String output, String expectedOutput) {
        ModelProto model = OnnxExporter.toModel(graph, session, List.copyOf(inputs.keySet()), List.of(output));
        Random random = new Random(7);
        Map<String, float[]> values = new HashMap<>();
        inputs.forEach(
                (name, dims) -> values.put(name, noise(random, Shape.of(dims).size())));
        Result expected = tensorFlow(session, inputs, values, expectedOutput);
        Result actual = onnxRuntime(model, inputs, values, output);
        assertArrayEquals(expected.dims, actual.dims, "shape of " + output);
        double largest = 0;
        for (int i = 0; i < expected.values.length; i++) {
            double scale = Math.max(1, Math.abs(expected.values[i]));
            largest = Math.max(largest, Math.abs(expected.values[i] - actual.values[i]) / scale);
            assertEquals(Double.isNaN(expected.values[i]), Double.isNaN(actual.values[i]));
        }
        assertTrue(largest <= TOLERANCE, "largest difference of " + output + " is " + largest);
        return model;
    }

    private record Result(long[] dims, double[] values) {}

    private static float[] noise(Random random, long size) {
        float[] values = new float[(int) size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Result tensorFlow(
            Session session, Map<String, long[]> inputs, Map<String, float[]> values, String output) {
        Session.Runner runner = session.runner().fetch(output);
        inputs.forEach((name, dims) ->
                runner.feed(name, TFloat32.tensorOf(Shape.of(dims), DataBuffers.of(values.get(name), true, false))));
        try (var result = runner.run()) {
            SessionTensor tensor = SessionTensor.of(output, result.get(0));
            return new Result(tensor.shape().dims(), tensor.toDoubles());
        }
    }

    private static Result onnxRuntime(
            ModelProto model, Map<String, long[]> inputs, Map<String, float[]> values, String output) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> feeds = new HashMap<>();
        try (OrtSession session = environment.createSession(model.toByteArray())) {
            for (Map.Entry<String, long[]> input : inputs.entrySet()) {
                FloatBuffer data = FloatBuffer.wrap(values.get(input.getKey()));
                feeds.put(input.getKey(), OnnxTensor.createTensor(environment, data, input.getValue()));
            }
            try (OrtSession.Result result = session.run(feeds)) {
                OnnxValue value = result.get(output).orElseThrow();
                return new Result(((OnnxTensor) value).getInfo().getShape(), doubles((OnnxTensor) value));
            }
        } catch (OrtException e) {
            throw new AssertionError(e.getMessage(), e);
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    private static double[] doubles(OnnxTensor tensor) {
        FloatBuffer buffer = tensor.getFloatBuffer();
        double[] values = new double[buffer.remaining()];
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer.get(i);
        }
        return values;
    }
}
