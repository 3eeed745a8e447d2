package io.squisher.tf.export.rules.elementwise;

import static java.util.Map.entry;

import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Operations that act on each element alone, or on pairs after broadcasting, which both systems do alike. */
public final class ElementwiseRules {
    /** TensorFlow's operation and ONNX's of the same inputs and meaning. */
    private static final Map<String, String> SAME = Map.ofEntries(
            entry("Abs", "Abs"),
            entry("Acos", "Acos"),
            entry("Acosh", "Acosh"),
            entry("Add", "Add"),
            entry("AddN", "Sum"),
            entry("AddV2", "Add"),
            entry("Asin", "Asin"),
            entry("Asinh", "Asinh"),
            entry("Atan", "Atan"),
            entry("Atanh", "Atanh"),
            entry("Ceil", "Ceil"),
            entry("Cos", "Cos"),
            entry("Cosh", "Cosh"),
            entry("Div", "Div"),
            entry("Elu", "Elu"),
            entry("Equal", "Equal"),
            entry("Erf", "Erf"),
            entry("Exp", "Exp"),
            entry("Floor", "Floor"),
            entry("Greater", "Greater"),
            entry("GreaterEqual", "GreaterOrEqual"),
            entry("Inv", "Reciprocal"),
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
            entry("Relu", "Relu"),
            entry("Rint", "Round"),
            entry("Round", "Round"),
            entry("SelectV2", "Where"),
            entry("Sigmoid", "Sigmoid"),
            entry("Sign", "Sign"),
            entry("Sin", "Sin"),
            entry("Sinh", "Sinh"),
            entry("Softplus", "Softplus"),
            entry("Softsign", "Softsign"),
            entry("Sqrt", "Sqrt"),
            entry("Sub", "Sub"),
            entry("Tan", "Tan"),
            entry("Tanh", "Tanh"));

    /** TensorFlow's alpha and scale of Selu, which ONNX rounds otherwise. */
    private static final float SELU_ALPHA = 1.6732632423543772f;

    private static final float SELU_GAMMA = 1.0507009873554805f;

    private ElementwiseRules() {}

    public static Map<String, OperatorRule> rules() {
        Map<String, OperatorRule> rules = new HashMap<>();
        SAME.forEach((tensorFlow, onnx) -> rules.put(tensorFlow, node -> node.result(onnx, node.xs(0, node.inputs()))));
        rules.put("Square", node -> node.result("Mul", List.of(node.x(0), node.x(0))));
        rules.put("Rsqrt", node -> node.result("Reciprocal", List.of(node.emit("Sqrt", List.of(node.x(0))))));
        rules.put("Erfc", node -> node.result("Sub", List.of(node.scalar(1), node.emit("Erf", List.of(node.x(0))))));
        rules.put("Expm1", node -> node.result("Sub", List.of(node.emit("Exp", List.of(node.x(0))), node.scalar(1))));
        rules.put("Log1p", node -> node.result("Log", List.of(node.emit("Add", List.of(node.x(0), node.scalar(1))))));
        rules.put("NotEqual", node -> node.result("Not", List.of(node.emit("Equal", node.xs(0, 2)))));
        rules.put("FloorDiv", ElementwiseRules::floorDiv);
        rules.put("SquaredDifference", ElementwiseRules::squaredDifference);
        rules.put("DivNoNan", ElementwiseRules::divNoNan);
        rules.put("Relu6", ElementwiseRules::relu6);
        rules.put(
                "ClipByValue",
                node -> node.result("Min", List.of(node.emit("Max", List.of(node.x(0), node.x(1))), node.x(2))));
        rules.put(
                "LeakyRelu",
                node -> node.result("LeakyRelu", List.of(node.x(0)), Attributes.number("alpha", node.number("alpha"))));
        rules.put("LeakyReluGrad", ElementwiseRules::leakyReluGrad);
        rules.put("ApproximateEqual", ElementwiseRules::approximatelyEqual);
        rules.put(
                "Selu",
                node -> node.result(
                        "Selu",
                        List.of(node.x(0)),
                        Attributes.number("alpha", SELU_ALPHA),
                        Attributes.number("gamma", SELU_GAMMA)));
        rules.put("Cast", node -> node.result("Cast", List.of(node.x(0)), TensorFlowNode.castTo(node.outputType(0))));
        rules.put("Select", ElementwiseRules::select);
        return rules;
    }

    private static void floorDiv(TensorFlowNode node) {
        if (!node.type(0).isFloating()) {
            throw node.unsupported("of integers");
        }
        node.result("Floor", List.of(node.emit("Div", node.xs(0, 2))));
    }

    private static void squaredDifference(TensorFlowNode node) {
        String difference = node.emit("Sub", node.xs(0, 2));
        node.result("Mul", List.of(difference, difference));
    }

    /** x/y, and 0 where y is 0: the division itself is by 1 there, so that no NaN arises. */
    private static void divNoNan(TensorFlowNode node) {
        String zero = node.scalar(0);
        String isZero = node.emit("Equal", List.of(node.x(1), zero));
        String divisor = node.emit("Where", List.of(isZero, node.scalar(1), node.x(1)));
        node.result("Where", List.of(isZero, zero, node.emit("Div", List.of(node.x(0), divisor))));
    }

    private static void relu6(TensorFlowNode node) {
        node.result("Clip", List.of(node.x(0), node.scalar(0), node.scalar(6)));
    }

    /** The gradient g passes where the feature is above 0, else α g. */
    private static void leakyReluGrad(TensorFlowNode node) {
        String above = node.emit("Greater", node.x(1), node.scalar(0));
        String leaked = node.emit("Mul", node.x(0), node.scalar(node.number("alpha")));
        node.result("Where", List.of(above, node.x(0), leaked));
    }

    private static void approximatelyEqual(TensorFlowNode node) {
        String distance = node.emit("Abs", node.emit("Sub", node.x(0), node.x(1)));
        node.result("Less", List.of(distance, node.scalar(node.number("tolerance"))));
    }

    /** The old Select takes a vector condition that chooses whole rows. */
    private static void select(TensorFlowNode node) {
        String condition = node.x(0);
        int rows = node.rank(1) - node.rank(0);
        if (node.rank(0) == 1 && rows > 0) {
            long[] axes = new long[rows];
            for (int i = 0; i < rows; i++) {
                axes[i] = i + 1;
            }
            condition = node.emit("Unsqueeze", List.of(condition, node.integers("axes", axes)));
        }
        node.result("Where", List.of(condition, node.x(1), node.x(2)));
    }
}
