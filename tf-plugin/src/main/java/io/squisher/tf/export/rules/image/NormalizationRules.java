package io.squisher.tf.export.rules.image;

import io.squisher.tensor.ElementType;
import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.List;
import java.util.Map;

/**
 * Batch normalisation with the running statistics (with those of the batch there is nothing to export), and local response
 * normalisation.
 */
public final class NormalizationRules {
    private NormalizationRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of(
                "FusedBatchNorm", NormalizationRules::batchNorm,
                "FusedBatchNormV2", NormalizationRules::batchNorm,
                "FusedBatchNormV3", NormalizationRules::batchNorm,
                "LRN", NormalizationRules::localResponse);
    }

    /** x / (bias + alpha·Σx²)^beta over a window of channels, which are last; ONNX divides alpha by the window's size. */
    private static void localResponse(TensorFlowNode node) {
        long size = 2 * node.integer("depth_radius") + 1;
        new ImageLayout(true, 2)
                .result(
                        node,
                        "LRN",
                        List.of(new ImageLayout(true, 2).toOnnx(node, node.x(0))),
                        Attributes.integer("size", size),
                        Attributes.number("alpha", node.number("alpha") * size),
                        Attributes.number("beta", node.number("beta")),
                        Attributes.number("bias", node.number("bias")));
    }

    private static void batchNorm(TensorFlowNode node) {
        if (node.flag("is_training")) {
            throw node.unsupported("it normalises by the batch's own statistics; export the graph built for inference");
        }
        if (node.type(0) != ElementType.F32) {
            throw node.unsupported("of " + node.type(0));
        }
        ImageLayout layout = ImageLayout.of(node);
        layout.result(
                node,
                "BatchNormalization",
                List.of(layout.toOnnx(node, node.x(0)), node.x(1), node.x(2), node.x(3), node.x(4)),
                Attributes.number("epsilon", node.number("epsilon")));
    }
}
