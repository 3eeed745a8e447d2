package io.squisher.tf.export.rules.reduction;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.List;
import java.util.Map;

/** Reductions over constant axes. */
public final class ReductionRules {
    private ReductionRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of(
                "Sum", ReductionRules::sum,
                "Mean", node -> reduce(node, "ReduceMean"),
                "Max", node -> reduce(node, "ReduceMax"),
                "Min", node -> reduce(node, "ReduceMin"),
                "Prod", node -> reduce(node, "ReduceProd"),
                "L2Loss", ReductionRules::l2Loss,
                "ArgMax", node -> arg(node, "ArgMax"),
                "ArgMin", node -> arg(node, "ArgMin"),
                "Cumsum", ReductionRules::cumsum);
    }

    private static AttributeProto keepDims(TensorFlowNode node) {
        return Attributes.integer("keepdims", node.flag("keep_dims") ? 1 : 0);
    }

    /** Of this reduction alone the axes are an input from opset 13 on. An empty list of axes reduces nothing. */
    private static void sum(TensorFlowNode node) {
        long[] axes = node.requiredConstant(1);
        node.result(
                "ReduceSum",
                List.of(node.x(0), node.integers("axes", axes)),
                keepDims(node),
                Attributes.integer("noop_with_empty_axes", 1));
    }

    private static void reduce(TensorFlowNode node, String type) {
        long[] axes = node.requiredConstant(1);
        if (axes.length == 0) {
            node.passes(0, node.x(0));
        } else {
            node.result(type, List.of(node.x(0)), Attributes.integers("axes", axes), keepDims(node));
        }
    }

    /** ½ Σ x². */
    private static void l2Loss(TensorFlowNode node) {
        String sum = node.emit("ReduceSumSquare", List.of(node.x(0)), Attributes.integer("keepdims", 0));
        node.result("Mul", List.of(sum, node.scalar(0.5)));
    }

    private static void arg(TensorFlowNode node, String type) {
        String index = node.emit(
                type,
                List.of(node.x(0)),
                Attributes.integer("axis", node.requiredConstant(1)[0]),
                Attributes.integer("keepdims", 0));
        node.result("Cast", List.of(index), TensorFlowNode.castTo(node.outputType(0)));
    }

    private static void cumsum(TensorFlowNode node) {
        node.result(
                "CumSum",
                List.of(node.x(0), node.constant("axis", Tensor.of(Shape.of(), node.requiredConstant(1)[0]))),
                Attributes.integer("exclusive", node.flag("exclusive") ? 1 : 0),
                Attributes.integer("reverse", node.flag("reverse") ? 1 : 0));
    }
}
