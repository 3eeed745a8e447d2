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
        Random random = new Random(7);
        Map<String, float[]> values = new HashMap<>();
        inputs.forEach(
                (name, dims) -> values.put(name, noise(random, Shape.of(dims).size())));
        ModelProto model = OnnxExporter.toModel(graph, session, List.copyOf(inputs.keySet()), List.of(output));
        Result expected = tensorFlow(session, inputs, values, expectedOutput);
        compare(output, expected, onnxRuntime(model, inputs, values, output));
        return model;
    }

    /** As {@link #compare}, of a vector with chosen values; returns ONNX Runtime's outputs. */
    static double[] compareAt(Graph graph, Session session, String input, float[] values, String output) {
        Map<String, long[]> dims = Map.of(input, new long[] {values.length});
        double[] actual = onnxRuntime(graph, session, input, values, output);
        Result expected = tensorFlow(session, dims, Map.of(input, values), output);
        compare(output, expected, new Result(expected.dims, actual));
        return actual;
    }

    /** ONNX Runtime's outputs for a vector. */
    static double[] onnxRuntime(Graph graph, Session session, String input, float[] values, String output) {
        ModelProto model = OnnxExporter.toModel(graph, session, List.of(input), List.of(output));
        return onnxRuntime(model, Map.of(input, new long[] {values.length}), Map.of(input, values), output).values;
    }

    private static void compare(String output, Result expected, Result actual) {
        assertArrayEquals(expected.dims, actual.dims, "shape of " + output);
        double largest = 0;
        for (int i = 0; i < expected.values.length; i++) {
            double scale = Math.max(1, Math.abs(expected.values[i]));
            if (Double.isFinite(expected.values[i])) {
                largest = Math.max(largest, Math.abs(expected.values[i] - actual.values[i]) / scale);
            } else {
                assertEquals(expected.values[i], actual.values[i], output + " at " + i);
            }
        }
        assertTrue(largest <= TOLERANCE, "largest difference of " + output + " is " + largest);
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
