package io.squisher.tf.export.rules.reduction;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.List;
import java.util.Map;

/** Softmax and its logarithm, over the last axis, and the loss that is made of it. */
public final class SoftmaxRules {
    private SoftmaxRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of(
                "Softmax",
                lastAxis("Softmax"),
                "LogSoftmax",
                lastAxis("LogSoftmax"),
                "SoftmaxCrossEntropyWithLogits",
                node -> crossEntropy(node, node.x(1)),
                "SparseSoftmaxCrossEntropyWithLogits",
                SoftmaxRules::sparseCrossEntropy);
    }

    private static AttributeProto last() {
        return Attributes.integer("axis", -1);
    }

    private static OperatorRule lastAxis(String type) {
        return node -> node.result(type, List.of(node.x(0)), last());
    }

    /** From logits and labels, both [B, C]: the losses -Σ label·log softmax [B], and softmax - labels, their gradient. */
    private static void crossEntropy(TensorFlowNode node, String labels) {
        String logProbabilities = node.emit("LogSoftmax", List.of(node.x(0)), last());
        String products = node.emit("Mul", List.of(logProbabilities, labels));
        String sums =
                node.emit("ReduceSum", List.of(products, node.integers("axes", -1)), Attributes.integer("keepdims", 0));
        node.passes(0, node.emit("Neg", List.of(sums)));
        node.passes(1, node.emit("Sub", List.of(node.emit("Softmax", List.of(node.x(0)), last()), labels)));
    }

    /** Labels are numbers of classes, [B]. */
    private static void sparseCrossEntropy(TensorFlowNode node) {
        long classes = node.shape(0).isUnknown() ? -1 : node.shape(0).get(1);
        if (classes < 0) {
            throw node.unsupported("the number of classes is unknown");
        }
        String depth = node.constant("depth", Tensor.of(Shape.of(), classes));
        String values = node.constant("values", Tensor.of(Shape.of(2), 0f, 1f));
        crossEntropy(node, node.emit("OneHot", List.of(node.x(1), depth, values), last()));
    }
}
