package io.squisher.onnx.structure;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Attributes;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A network for a test, node by node, with seeded weights. */
final class SmallNetwork {
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("small");
    private final Random random = new Random(3);

    SmallNetwork input(String name, long... dims) {
        graph.addInput(ModelBuilder.input(name, DataType.FLOAT.getNumber(), dims));
        return this;
    }

    SmallNetwork weight(String name, long... dims) {
        double[] values = new double[(int) Shape.of(dims).size()];
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) random.nextGaussian();
        }
        graph.addInitializer(OnnxTensors.write(name, Tensor.of(Shape.of(dims), floats)));
        return this;
    }

    SmallNetwork positive(String name, long size) {
        float[] floats = new float[(int) size];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = 0.5f + random.nextFloat();
        }
        graph.addInitializer(OnnxTensors.write(name, Tensor.of(Shape.of(size), floats)));
        return this;
    }

    SmallNetwork integers(String name, long... values) {
        graph.addInitializer(OnnxTensors.write(name, Tensor.of(Shape.of(values.length), values)));
        return this;
    }

    SmallNetwork node(String op, String output, String... inputs) {
        return node(op, Attributes.NONE, output, inputs);
    }

    SmallNetwork node(String op, Attributes attributes, String output, String... inputs) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(op)
                .setName("n_" + output)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .addAllAttribute(attributes.protos()));
        return this;
    }

    OnnxFile build(String output, long... dims) {
        graph.addOutput(ModelBuilder.input(output, DataType.FLOAT.getNumber(), dims));
        return new OnnxFile(
                Path.of("small.onnx"),
                ModelProto.newBuilder()
                        .setIrVersion(8)
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                        .setGraph(graph)
                        .build());
    }
}
