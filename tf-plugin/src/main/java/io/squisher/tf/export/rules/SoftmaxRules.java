package io.squisher.tf.export.rules;

import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import java.util.List;
import java.util.Map;

/** Softmax and its logarithm, over the last axis. */
final class SoftmaxRules {
    private SoftmaxRules() {}

    static Map<String, OperatorRule> rules() {
        return Map.of("Softmax", lastAxis("Softmax"), "LogSoftmax", lastAxis("LogSoftmax"));
    }

    private static OperatorRule lastAxis(String type) {
        return node -> node.result(type, List.of(node.x(0)), Attributes.integer("axis", -1));
    }
}
