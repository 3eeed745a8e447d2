package io.squisher.format.onnx;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.ElementType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which matrices of a graph are those of linear layers: initializers of two axes that {@code MatMul} reads on either side, or
 * {@code Gemm} on the right. One that something else reads too, such as the table of an embedding that is the output layer
 * as well, stays whole, and so does one of which two products take different axes for the input's.
 *
 * @param layers in ascending order of the names
 * @param left matrices that a product reads and that stay whole, with the reason
 */
public record LinearWeights(List<LinearWeight> layers, Map<String, String> left) {
    public LinearWeights {
        layers = List.copyOf(layers);
        left = new TreeMap<>(left);
    }

    /** Those of a model. */
    public static LinearWeights of(OnnxFile file) {
        GraphProto graph = file.model().getGraph();
        Set<String> matrices = matrices(graph);
        Map<String, Integer> axes = new TreeMap<>();
        Map<String, String> others = new TreeMap<>();
        for (NodeProto node : graph.getNodeList()) {
            for (int i = 0; i < node.getInputCount(); i++) {
                String name = node.getInput(i);
                if (matrices.contains(name)) {
                    OptionalInt axis = inputAxis(node, i);
                    if (axis.isEmpty()) {
                        others.put(name, "read by " + node.getOpType());
                    } else if (axes.merge(name, axis.getAsInt(), (a, b) -> a) != axis.getAsInt()) {
                        others.put(name, "read by products from both sides");
                    }
                }
            }
        }
        graph.getOutputList().forEach(output -> others.put(output.getName(), "an output of the model"));
        innerReads(graph).forEach(name -> others.put(name, "read inside a branch or loop"));
        List<LinearWeight> layers = new ArrayList<>();
        axes.forEach((name, axis) -> {
            if (!others.containsKey(name)) {
                layers.add(new LinearWeight(name, axis));
            }
        });
        others.keySet().retainAll(axes.keySet());
        return new LinearWeights(layers, others);
    }

    private static Set<String> matrices(GraphProto graph) {
        Set<String> matrices = new HashSet<>();
        for (TensorProto proto : graph.getInitializerList()) {
            boolean floating = OnnxElementTypes.fromOnnx(proto.getDataType())
                    .map(ElementType::isFloating)
                    .orElse(false);
            if (floating && proto.getDimsCount() == 2) {
                matrices.add(proto.getName());
            }
        }
        return matrices;
    }

    /**
     * Which axis of a node's input meets the input of the layer, if the node is a product with it.
     *
     * @param position of the matrix among the node's inputs
     */
    static OptionalInt inputAxis(NodeProto node, int position) {
        if (!node.getDomain().isEmpty() && !node.getDomain().equals("ai.onnx")) {
            return OptionalInt.empty();
        }
        return switch (node.getOpType()) {
            case "MatMul" -> OptionalInt.of(position == 1 ? 0 : 1);
            case "Gemm" ->
                position == 1 && !isSet(node, "transA")
                        ? OptionalInt.of(isSet(node, "transB") ? 1 : 0)
                        : OptionalInt.empty();
            default -> OptionalInt.empty();
        };
    }

    private static boolean isSet(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .anyMatch(attribute -> attribute.getName().equals(name) && attribute.getI() != 0);
    }

    /** What the graphs inside a graph read, which see the outer names. */
    private static Set<String> innerReads(GraphProto graph) {
        Set<String> names = new HashSet<>();
        for (NodeProto node : graph.getNodeList()) {
            for (AttributeProto attribute : node.getAttributeList()) {
                List<GraphProto> inner = new ArrayList<>(attribute.getGraphsList());
                if (attribute.hasG()) {
                    inner.add(attribute.getG());
                }
                for (GraphProto branch : inner) {
                    branch.getNodeList().forEach(read -> names.addAll(read.getInputList()));
                    branch.getOutputList().forEach(output -> names.add(output.getName()));
                    names.addAll(innerReads(branch));
                }
            }
        }
        return names;
    }
}
