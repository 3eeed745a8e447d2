package io.squisher.format.onnx;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.ElementType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Models whose weights are values of Constant nodes, which some exporters write: the values become initializers of the
 * nodes' output names, which means the same, so that such models have parameters like all others.
 *
 * <p>A file keeps its weights so if the matrix of a product, the kernel of a convolution or the table of an embedding is such
 * a value. Then all its floating-point constants of more than one element are taken for weights; otherwise none is.
 */
final class ConstantWeights {
    /** Inputs, by operator, that are weights where they are constant. */
    private static final Map<String, Set<Integer>> WEIGHTS = Map.of(
            "MatMul", Set.of(0, 1),
            "Gemm", Set.of(0, 1),
            "Conv", Set.of(1),
            "ConvTranspose", Set.of(1),
            "Gather", Set.of(0),
            "LSTM", Set.of(1, 2),
            "GRU", Set.of(1, 2),
            "RNN", Set.of(1, 2));

    private ConstantWeights() {}

    /** The model with its weights as initializers; the model itself if they are so already. */
    static ModelProto lifted(ModelProto model) {
        GraphProto graph = model.getGraph();
        Map<String, TensorProto> constants = new LinkedHashMap<>();
        for (NodeProto node : graph.getNodeList()) {
            TensorProto value = value(node);
            if (value != null) {
                constants.put(node.getOutput(0), value);
            }
        }
        boolean holdsWeights = graph.getNodeList().stream().anyMatch(node -> readsWeight(node, constants));
        return holdsWeights ? lifted(model, constants) : model;
    }

    /** The floating-point tensor of a Constant node, if it has one of more than one element. */
    private static TensorProto value(NodeProto node) {
        if (!node.getOpType().equals("Constant") || !node.getDomain().isEmpty() || node.getOutputCount() != 1) {
            return null;
        }
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.getName().equals("value") && attribute.hasT() && isFloating(attribute.getT())) {
                long size = attribute.getT().getDimsList().stream().reduce(1L, (a, b) -> a * b);
                return size > 1 ? attribute.getT() : null;
            }
        }
        return null;
    }

    private static boolean isFloating(TensorProto tensor) {
        return OnnxElementTypes.fromOnnx(tensor.getDataType())
                .map(ElementType::isFloating)
                .orElse(false);
    }

    private static boolean readsWeight(NodeProto node, Map<String, TensorProto> constants) {
        return WEIGHTS.getOrDefault(node.getOpType(), Set.of()).stream()
                .filter(position -> position < node.getInputCount())
                .map(position -> constants.get(node.getInput(position)))
                .anyMatch(constant -> constant != null && constant.getDimsCount() >= 2);
    }

    private static ModelProto lifted(ModelProto model, Map<String, TensorProto> constants) {
        ModelProto.Builder lifted = model.toBuilder();
        GraphProto.Builder graph = lifted.getGraphBuilder().clearNode();
        for (NodeProto node : model.getGraph().getNodeList()) {
            if (node.getOutputCount() != 1 || !constants.containsKey(node.getOutput(0))) {
                graph.addNode(node);
            }
        }
        constants.forEach((name, value) ->
                graph.addInitializer(value.toBuilder().setName(name).build()));
        return lifted.build();
    }
}
