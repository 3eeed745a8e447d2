package io.squisher.onnx.autodiff;

import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.evaluator.Value;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A model as exporters write it, from one of which everything is an input: shapes, axes, indices and the like are stored
 * in it, and float64 is float32.
 *
 * @param inputs what is still fed
 */
public record FrozenModel(ModelProto model, Map<String, Value> inputs) {
    /** Floating-point inputs that steer an operator and have no gradient. */
    private static final Map<String, Set<Integer>> STEERING = Map.of(
            "Dropout", Set.of(1, 2),
            "MaxRoiPool", Set.of(1),
            "MelWeightMatrix", Set.of(3, 4),
            "Range", Set.of(0, 1, 2),
            "Resize", Set.of(1, 2),
            "RoiAlign", Set.of(1),
            "Upsample", Set.of(1));

    /** Stores the inputs that are no floating-point numbers or steer an operator. */
    public static FrozenModel of(ModelProto model, Map<String, Value> inputs) {
        Set<String> steering = new HashSet<>();
        model.getGraph().getNodeList().forEach(node -> STEERING.getOrDefault(node.getOpType(), Set.of()).stream()
                .filter(position -> position < node.getInputCount())
                .forEach(position -> steering.add(node.getInput(position))));
        GraphProto.Builder graph =
                model.getGraph().toBuilder().clearInput().clearInitializer().clearNode();
        Map<String, Value> fed = new LinkedHashMap<>();
        for (ValueInfoProto input : model.getGraph().getInputList()) {
            Value value = inputs.get(input.getName());
            if (value == null) {
                continue;
            }
            if (value.isFloating() && !steering.contains(input.getName())) {
                graph.addInput(single(input, single(value)));
                fed.put(input.getName(), single(value));
            } else {
                graph.addNode(constant(input.getName(), single(value)));
            }
        }
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            if (steering.contains(tensor.getName())) {
                graph.addNode(constant(tensor.getName(), Value.of(tensor)));
            } else {
                graph.addInitializer(single(tensor));
            }
        }
        model.getGraph().getNodeList().forEach(node -> graph.addNode(single(node)));
        return new FrozenModel(model.toBuilder().setGraph(graph).build(), fed);
    }

    private static NodeProto constant(String name, Value value) {
        return NodeProto.newBuilder()
                .setOpType("Constant")
                .addOutput(name)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(OnnxTensors.write(name, value.tensor())))
                .build();
    }

    private static Value single(Value value) {
        return value.type() == ElementType.F64 ? Value.of(ElementType.F32, value.dims(), value.doubles()) : value;
    }

    private static TensorProto single(TensorProto tensor) {
        if (tensor.getDataType() != DataType.DOUBLE_VALUE) {
            return tensor;
        }
        return OnnxTensors.write(tensor.getName(), single(Value.of(tensor)).tensor());
    }

    /** The input's declaration, of the shape that its value has: some cases declare another. */
    private static ValueInfoProto single(ValueInfoProto input, Value value) {
        return ModelBuilder.input(
                input.getName(),
                OnnxElementTypes.toOnnx(value.type()),
                Arrays.stream(value.dims()).asLongStream().toArray());
    }

    private static NodeProto single(NodeProto node) {
        NodeProto.Builder builder = node.toBuilder();
        for (AttributeProto.Builder attribute : builder.getAttributeBuilderList()) {
            boolean type =
                    attribute.getName().equals("to") || attribute.getName().equals("dtype");
            if (type && attribute.getI() == DataType.DOUBLE_VALUE) {
                attribute.setI(DataType.FLOAT_VALUE);
            }
            if (attribute.hasT()) {
                attribute.setT(single(attribute.getT()));
            }
        }
        return builder.build();
    }
}
