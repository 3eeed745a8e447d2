package io.squisher.tf.export.rules;

import static java.util.Map.entry;

import io.squisher.tf.export.emit.OperatorRule;
import java.util.HashMap;
import java.util.Map;

/** Operations that act on each element alone, or on pairs after broadcasting, which both systems do alike. */
final class ElementwiseRules {
    /** TensorFlow's operation and ONNX's of the same inputs and meaning. */
    private static final Map<String, String> SAME = Map.ofEntries(
            entry("Abs", "Abs"),
            entry("Add", "Add"),
            entry("AddV2", "Add"),
            entry("Ceil", "Ceil"),
            entry("Cos", "Cos"),
            entry("Div", "Div"),
            entry("Elu", "Elu"),
            entry("Equal", "Equal"),
            entry("Erf", "Erf"),
            entry("Exp", "Exp"),
            entry("Floor", "Floor"),
            entry("Greater", "Greater"),
            entry("GreaterEqual", "GreaterOrEqual"),
            entry("Less", "Less"),
            entry("LessEqual", "LessOrEqual"),
            entry("Log", "Log"),
            entry("LogicalAnd", "And"),
            entry("LogicalNot", "Not"),
            entry("LogicalOr", "Or"),
            entry("Maximum", "Max"),
            entry("Minimum", "Min"),
            entry("Mul", "Mul"),
            entry("Neg", "Neg"),
            entry("Pow", "Pow"),
            entry("RealDiv", "Div"),
            entry("Reciprocal", "Reciprocal"),
            entry("Inv", "Reciprocal"),
            entry("Relu", "Relu"),
            entry("Sigmoid", "Sigmoid"),
            entry("Sign", "Sign"),
            entry("Sin", "Sin"),
            entry("Softplus", "Softplus"),
            entry("Softsign", "Softsign"),
            entry("Sqrt", "Sqrt"),
            entry("Sub", "Sub"),
            entry("Tan", "Tan"),
            entry("Tanh", "Tanh"));

    private ElementwiseRules() {}

    static Map<String, OperatorRule> rules() {
        Map<String, OperatorRule> rules = new HashMap<>();
        SAME.forEach((tensorFlow, onnx) -> rules.put(tensorFlow, node -> node.result(onnx, node.xs(0, node.inputs()))));
        return rules;
    }
}
