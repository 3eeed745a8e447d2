package io.squisher.tf.export.emit;

import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorShapeProto;
import io.squisher.proto.onnx.TypeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;
import org.tensorflow.ndarray.Shape;

/** Collects an ONNX graph; every value has a name of its own. */
public final class OnnxEmitter {
    private final GraphProto.Builder graph;
    private final Set<String> taken;

    /**
     * @param name the graph's name
     * @param reserved names that made-up values must not take
     */
    public OnnxEmitter(String name, Collection<String> reserved) {
        this.graph = GraphProto.newBuilder().setName(name);
        this.taken = new HashSet<>(reserved);
    }

    /** A name that no value has yet: {@code base}, or {@code base_1}, … */
    String unique(String base) {
        String name = base;
        for (int i = 1; !taken.add(name); i++) {
            name = base + "_" + i;
        }
        return name;
    }

    /** Adds a node with one output of the given name. */
    public void node(String type, String output, List<String> inputs, AttributeProto... attributes) {
        node(type, List.of(output), inputs, attributes);
    }

    /** Adds a node with several outputs. */
    public void node(String type, List<String> outputs, List<String> inputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(type)
                .setName(outputs.get(0))
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(List.of(attributes)));
    }

    /** Adds a Constant node; constants are no initializers, so that these are the parameters alone. */
    public void constant(String output, Tensor value) {
        node("Constant", output, List.of(), Attributes.tensor("value", OnnxTensors.write(output, value)));
    }

    /** Adds a parameter. */
    public void initializer(String name, Tensor value) {
        graph.addInitializer(OnnxTensors.write(name, value));
    }

    /** Declares an input of the graph; an unknown first axis is called {@code batch}. */
    public void input(String name, ElementType type, Shape shape) {
        graph.addInput(value(name, type, shape));
    }

    /** Declares an output of the graph. */
    public void output(String name, ElementType type, Shape shape) {
        graph.addOutput(value(name, type, shape));
    }

    /** Whether a value is an input of the graph. */
    boolean isInput(String name) {
        return graph.getInputList().stream().anyMatch(input -> input.getName().equals(name));
    }

    /** The graph, without the nodes and parameters that no output needs. */
    public GraphProto graph() {
        Set<String> needed = new HashSet<>();
        graph.getOutputList().forEach(output -> needed.add(output.getName()));
        LinkedList<NodeProto> nodes = new LinkedList<>();
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            NodeProto node = graph.getNode(i);
            if (node.getOutputList().stream().anyMatch(needed::contains)) {
                needed.addAll(node.getInputList());
                nodes.addFirst(node);
            }
        }
        List<TensorProto> parameters = graph.getInitializerList().stream()
                .filter(parameter -> needed.contains(parameter.getName()))
                .toList();
        return graph.clone()
                .clearNode()
                .addAllNode(nodes)
                .clearInitializer()
                .addAllInitializer(parameters)
                .build();
    }

    private static ValueInfoProto value(String name, ElementType type, Shape shape) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(OnnxElementTypes.toOnnx(type));
        if (!shape.isUnknown()) {
            TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
            for (int axis = 0; axis < shape.numDimensions(); axis++) {
                if (shape.get(axis) >= 0) {
                    dims.addDimBuilder().setDimValue(shape.get(axis));
                } else {
                    dims.addDimBuilder().setDimParam(axis == 0 ? "batch" : name + "_axis" + axis);
                }
            }
            tensor.setShape(dims);
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
