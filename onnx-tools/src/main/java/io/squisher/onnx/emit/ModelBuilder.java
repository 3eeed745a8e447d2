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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Assembles a model file from nodes, at the opset that everything is written for, without those that no output needs. */
public final class ModelBuilder {
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("squisher");
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, TensorProto> stored = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();

    /** Adds nodes, in topological order. */
    public ModelBuilder nodes(Collection<Node> nodes) {
        for (Node node : nodes) {
            this.nodes.add(node);
            used.addAll(node.inputs());
            used.addAll(node.captured());
        }
        return this;
    }

    /** Adds those of the stored tensors that a node added so far reads. */
    public ModelBuilder initializers(Map<String, TensorProto> tensors) {
        tensors.forEach((name, tensor) -> {
            if (used.contains(name)) {
                stored.putIfAbsent(name, tensor);
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

    /** Adds outputs with their types. */
    public ModelBuilder declaredOutputs(List<ValueInfoProto> outputs) {
        outputs.forEach(graph::addOutput);
        return this;
    }

    /** Says what the graph does, for whoever opens the file. */
    public ModelBuilder description(String text) {
        graph.setDocString(text);
        return this;
    }

    /** The declaration of a tensor input or output; a negative dimension is free. */
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
        Set<String> needed = new HashSet<>();
        graph.getOutputList().forEach(output -> needed.add(output.getName()));
        Deque<Node> kept = new ArrayDeque<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.outputs().stream().anyMatch(needed::contains)) {
                needed.addAll(node.inputs());
                needed.addAll(node.captured());
                kept.addFirst(node);
            }
        }
        kept.forEach(node -> graph.addNode(node.toProto()));
        stored.forEach((name, tensor) -> {
            if (needed.contains(name)) {
                graph.addInitializer(tensor.toBuilder().setName(name));
            }
        });
        return ModelProto.newBuilder()
                .setIrVersion(Opset.IR_VERSION)
                .setProducerName("squisher")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(Opset.VERSION))
                .setGraph(graph)
                .build();
    }
}
