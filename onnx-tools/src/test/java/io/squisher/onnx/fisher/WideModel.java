package io.squisher.onnx.fisher;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A network with so wide a layer that a large batch does not fit a small memory; run by {@link OutOfMemoryTest}. */
final class WideModel {
    static final int EXAMPLES = 1024;

    private static final int WIDTH = 1 << 18;

    private WideModel() {}

    /** Estimates with all examples at once, then with fewer, and prints what was noticed and how far the two differ. */
    public static void main(String[] arguments) {
        Map<String, double[]> whole = estimate(EXAMPLES);
        Map<String, double[]> few = estimate(64);
        double largest = 0;
        for (Map.Entry<String, double[]> entry : few.entrySet()) {
            double[] other = whole.get(entry.getKey());
            for (int i = 0; i < other.length; i++) {
                double expected = entry.getValue()[i];
                largest = Math.max(largest, Math.abs(other[i] - expected) / Math.max(expected, Double.MIN_NORMAL));
            }
        }
        System.out.println("difference " + largest);
    }

    private static Map<String, double[]> estimate(int batch) {
        FisherRequest request = FisherRequest.of(
                        model(), examples(), new Likelihood.Categorical(-1), new FisherKind.Empirical())
                .withBatchSize(batch)
                .withRuntime(new RuntimeSettings(new Device.Cpu(), 0, System.out::println));
        return Estimation.of(request);
    }

    private static Examples examples() {
        Random random = new Random(3);
        float[] x = new float[EXAMPLES];
        long[] labels = new long[EXAMPLES];
        for (int i = 0; i < EXAMPLES; i++) {
            x[i] = (float) random.nextGaussian();
            labels[i] = random.nextInt(2);
        }
        return Examples.of(
                "wide",
                Map.of("x", Tensor.of(Shape.of(EXAMPLES, 1), x), "labels", Tensor.of(Shape.of(EXAMPLES), labels)));
    }

    private static OnnxFile model() {
        List<Node> nodes = List.of(
                node("MatMul", "hidden", "x", "first"),
                node("Tanh", "activation", "hidden"),
                node("MatMul", "y", "activation", "second"));
        return new OnnxFile(
                Path.of("wide.onnx"),
                new ModelBuilder()
                        .nodes(nodes)
                        .initializers(
                                Map.of("first", weights("first", 1, WIDTH), "second", weights("second", WIDTH, 2)))
                        .inputs(List.of(ModelBuilder.input("x", DataType.FLOAT_VALUE, -1, 1)))
                        .output("y")
                        .build());
    }

    private static Node node(String operator, String output, String... inputs) {
        return new Node(output, operator, "", List.of(inputs), List.of(output), Attributes.NONE);
    }

    private static TensorProto weights(String name, int rows, int columns) {
        Random random = new Random(name.length());
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / 512;
        }
        return OnnxTensors.write(name, Tensor.of(Shape.of(rows, columns), values));
    }
}
