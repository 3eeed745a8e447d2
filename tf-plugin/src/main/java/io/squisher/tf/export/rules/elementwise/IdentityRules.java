package io.squisher.tf.export.rules.elementwise;

import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Operations that hand on their input: nothing is emitted. A placeholder that hands on nothing is refused. */
public final class IdentityRules {
    private static final List<String> PASSING = List.of(
            "CheckNumerics",
            "CheckNumericsV2",
            "Identity",
            "PlaceholderWithDefault",
            "PreventGradient",
            "ReadVariableOp",
            "RefIdentity",
            "Snapshot",
            "StopGradient");

    private IdentityRules() {}

    public static Map<String, OperatorRule> rules() {
        Map<String, OperatorRule> rules = new HashMap<>();
        PASSING.forEach(type -> rules.put(type, node -> node.passes(0, node.x(0))));
        rules.put("IdentityN", IdentityRules::identityN);
        rules.put("Placeholder", node -> {
            throw node.unsupported("it is fed and not among the inputs");
        });
        return rules;
    }

    private static void identityN(TensorFlowNode node) {
        for (int i = 0; i < node.outputs(); i++) {
            node.passes(i, node.x(i));
        }
    }
}
