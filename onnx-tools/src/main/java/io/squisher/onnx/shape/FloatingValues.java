package io.squisher.onnx.shape;

import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.Steps;
import io.squisher.onnx.operators.OperatorFacts;
import io.squisher.onnx.operators.Trait;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds which values of a graph are floating-point numbers, from operator to operator. */
public final class FloatingValues {
    private FloatingValues() {}

    /** The names of all floating-point values. */
    public static Set<String> of(Graph graph) {
        Set<String> floating = new HashSet<>();
        for (ValueInfoProto input : graph.inputs()) {
            if (isFloating(input.getType().getTensorType().getElemType())) {
                floating.add(input.getName());
            }
        }
        addFloating(graph.initializers(), floating);
        addFloating(graph.constants(), floating);
        for (Node node : graph.nodes()) {
            for (int i = 0; i < node.outputs().size(); i++) {
                if (!node.output(i).isEmpty() && isFloating(node, i, floating)) {
                    floating.add(node.output(i));
                }
            }
        }
        return floating;
    }

    private static void addFloating(Map<String, TensorProto> tensors, Set<String> floating) {
        tensors.forEach((name, tensor) -> {
            if (isFloating(tensor.getDataType())) {
                floating.add(name);
            }
        });
    }

    private static boolean isFloating(Node node, int output, Set<String> floating) {
        if (node.isRepeated()) {
            return floating.contains(Steps.outside(Steps.of(node).output(output)));
        }
        OperatorFacts facts = node.facts();
        if (facts.isNeverFloating() || output > 0 && facts.has(Trait.SECOND_INTEGER)) {
            return false;
        }
        if (facts.has(Trait.FLOATING)) {
            return true;
        }
        if (node.op().equals("Cast")) {
            return isFloating((int) node.attributes().integer("to", 1));
        }
        if (node.op().equals("ConstantOfShape")) {
            return node.attributes()
                    .tensor("value")
                    .map(v -> isFloating(v.getDataType()))
                    .orElse(true);
        }
        if (node.op().startsWith("Random") || node.op().equals("EyeLike")) {
            return node.attributes().has("dtype")
                    ? isFloating((int) node.attributes().integer("dtype", 1))
                    : node.inputs().isEmpty() || floating.contains(node.input(0));
        }
        return floating.contains(node.input(facts.typedBy()));
    }

    private static boolean isFloating(int onnxType) {
        Optional<ElementType> type = OnnxElementTypes.fromOnnx(onnxType);
        return type.isPresent() && type.get().isFloating();
    }
}
