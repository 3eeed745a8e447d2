package io.squisher.onnx.emit;

import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.Opset;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorShapeProto;
import io.squisher.proto.onnx.TypeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Assembles a model file from nodes, at the opset that everything is written for. */
public final class ModelBuilder {
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("squisher");
    private final Set<String> used = new HashSet<>();

    /** Adds nodes, in topological order. */
    public ModelBuilder nodes(Collection<Node> nodes) {
        for (Node node : nodes) {
            graph.addNode(node.toProto());
            used.addAll(node.inputs());
        }
        return this;
    }

    /** Adds those of the stored tensors that a node added so far reads. */
    public ModelBuilder initializers(Map<String, TensorProto> tensors) {
        tensors.forEach((name, tensor) -> {
            if (used.contains(name)) {
                graph.addInitializer(tensor.toBuilder().setName(name));
            }
        });
        return this;
    }

    /** Adds those of the inputs that a node added so far reads. */
    public ModelBuilder inputs(List<ValueInfoProto> inputs) {
        inputs.stream().filter(input -> used.contains(input.getName())).forEach(graph::addInput);
        return this;
    }

    /** Adds an output, of a type that ONNX Runtime finds out. */
    public ModelBuilder output(String name) {
        graph.addOutput(ValueInfoProto.newBuilder().setName(name));
        return this;
    }

    /** Adds outputs. */
    public ModelBuilder outputs(Collection<String> names) {
        names.forEach(this::output);
        return this;
    }

    /** The declaration of a tensor input; a negative dimension is free. */
    public static ValueInfoProto input(String name, int onnxType, long... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int i = 0; i < dims.length; i++) {
            TensorShapeProto.Dimension.Builder dim = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(dims[i] < 0 ? dim.setDimParam(i == 0 ? "N" : name + "_" + i) : dim.setDimValue(dims[i]));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(onnxType)
                                .setShape(shape)))
                .build();
    }

    public ModelProto build() {
        return ModelProto.newBuilder()
                .setIrVersion(Opset.IR_VERSION)
                .setProducerName("squisher")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(Opset.VERSION))
                .setGraph(graph)
                .build();
    }
}
