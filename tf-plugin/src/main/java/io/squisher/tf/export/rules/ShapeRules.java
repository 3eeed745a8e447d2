package io.squisher.tf.export.rules;

import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.List;
import java.util.Map;

/** Operations that change a tensor's shape and keep its elements. */
final class ShapeRules {
    private ShapeRules() {}

    static Map<String, OperatorRule> rules() {
        return Map.of("Reshape", ShapeRules::reshape);
    }

    private static void reshape(TensorFlowNode node) {
        String shape =
                node.constant(1).map(dims -> node.integers("shape", dims)).orElseGet(() -> node.int64(1));
        node.result("Reshape", List.of(node.x(0), shape));
    }
}
