package io.squisher.examples.benchmarks;

import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Attributes;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/** Writes a network layer by layer, in the operators of opset 13 that PyTorch's exporter uses. */
final class NetworkWriter {
    private static final int OPSET = 13;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("benchmark");
    private final Random random = new Random(0);
    private final BiFunction<String, Tensor, TensorProto> store;
    private int count;

    /** Weights go into the model. */
    NetworkWriter() {
        this(OnnxTensors::write);
    }

    /**
     * With weights that may go elsewhere.
     *
     * @param store takes a name and values, and gives the initializer
     */
    NetworkWriter(BiFunction<String, Tensor, TensorProto> store) {
        this.store = store;
    }

    /** Declares the input {@code x}. */
    String input(ElementType type, long... dims) {
        graph.addInput(ModelBuilder.input("x", OnnxElementTypes.toOnnx(type), dims));
        return "x";
    }

    /** Adds a node with one output. */
    String node(String op, Attributes attributes, String... inputs) {
        return named("v" + count++ + "_" + op, op, attributes, inputs);
    }

    /** Adds a node whose output has a name of the caller's. */
    String named(String output, String op, Attributes attributes, String... inputs) {
        graph.addNode(NodeProto.newBuilder()
                .setName(output)
                .setOpType(op)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .addAllAttribute(attributes.protos()));
        return output;
    }

    /** A parameter with normally distributed values. */
    String normal(String name, double deviation, long... dims) {
        float[] values = new float[Math.toIntExact(Shape.of(dims).size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return stored(name, Tensor.of(Shape.of(dims), values));
    }

    /** A parameter with values between two bounds. */
    String uniform(String name, double low, double high, long... dims) {
        float[] values = new float[Math.toIntExact(Shape.of(dims).size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (low + (high - low) * random.nextDouble());
        }
        return stored(name, Tensor.of(Shape.of(dims), values));
    }

    String stored(String name, Tensor value) {
        graph.addInitializer(store.apply(name, value));
        return name;
    }

    /** A scalar as a Constant node. */
    String scalar(double value) {
        return node(
                "Constant", Attributes.NONE.with("value", OnnxTensors.write("", Tensor.of(Shape.of(), (float) value))));
    }

    /** Integers as a Constant node. */
    String integers(long... values) {
        return node(
                "Constant",
                Attributes.NONE.with("value", OnnxTensors.write("", Tensor.of(Shape.of(values.length), values))));
    }

    /** A linear layer on {@code [N, in]}, weights {@code [out, in]}. */
    String linear(String name, String x, int in, int out) {
        String w = normal(name + ".weight", 1 / Math.sqrt(in), out, in);
        String b = normal(name + ".bias", 0.01, out);
        return node("Gemm", Attributes.NONE.with("transB", 1), x, w, b);
    }

    /** A 3×3 or 1×1 convolution with or without bias. */
    String convolution(String name, String x, int[] channels, int kernel, int stride, boolean bias) {
        int in = channels[0];
        int out = channels[1];
        String w = normal(name + ".weight", Math.sqrt(2.0 / (in * kernel * kernel)), out, in, kernel, kernel);
        long pad = kernel / 2;
        Attributes attributes = Attributes.NONE
                .with("kernel_shape", new long[] {kernel, kernel})
                .with("strides", new long[] {stride, stride})
                .with("pads", new long[] {pad, pad, pad, pad});
        return bias
                ? node("Conv", attributes, x, w, normal(name + ".bias", 0.01, out))
                : node("Conv", attributes, x, w);
    }

    /** The network at opset 13. */
    ModelProto build(String output, long... dims) {
        return build(OPSET, output, dims);
    }

    ModelProto build(int opset, String output, long... dims) {
        graph.addOutput(
                ValueInfoProto.newBuilder(ModelBuilder.input(output, OnnxElementTypes.toOnnx(ElementType.F32), dims)));
        return ModelProto.newBuilder()
                .setIrVersion(opset == OPSET ? 8 : 10)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
                .setGraph(graph)
                .build();
    }
}
