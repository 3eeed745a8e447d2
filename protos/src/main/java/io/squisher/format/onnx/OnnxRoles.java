package io.squisher.format.onnx;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.weights.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The role of each initializer, read off the graph.
 *
 * <p>Running mean and variance of BatchNormalization are statistics. Constants are tensors that are not floating-point,
 * arguments that only configure an operator (the bounds of Clip, the scales of Resize, the exponent of Pow, the value of
 * Pad), single numbers under a name that an exporter made up (an epsilon, a divisor), and what no node uses. Everything else is a
 * parameter.
 */
public final class OnnxRoles {
    /** Inputs, by operator, that configure it. */
    private static final Map<String, Set<Integer>> CONFIGURING = Map.of(
            "Clip", Set.of(1, 2),
            "Resize", Set.of(1, 2),
            "Upsample", Set.of(1),
            "Pow", Set.of(1),
            "Pad", Set.of(2),
            "Dropout", Set.of(1));

    private final Map<String, Role> roles;

    private OnnxRoles(Map<String, Role> roles) {
        this.roles = roles;
    }

    /** Finds the role of each initializer of {@code graph}. */
    public static OnnxRoles of(GraphProto graph) {
        Map<String, Role> byUse = new HashMap<>();
        collect(graph, byUse);
        Map<String, Role> roles = new HashMap<>();
        for (TensorProto proto : graph.getInitializerList()) {
            Role role = byUse.getOrDefault(proto.getName(), Role.CONSTANT);
            roles.put(proto.getName(), isConstant(proto) ? Role.CONSTANT : role);
        }
        return new OnnxRoles(roles);
    }

    /** Uses in {@code graph} and in the graphs inside it, which see the outer initializers by name. */
    private static void collect(GraphProto graph, Map<String, Role> byUse) {
        for (NodeProto node : graph.getNodeList()) {
            for (int i = 0; i < node.getInputCount(); i++) {
                Role role = roleOfInput(node, i);
                // A tensor with several uses is what its most important use says.
                byUse.merge(node.getInput(i), role, (a, b) -> a.compareTo(b) <= 0 ? a : b);
            }
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.hasG()) {
                    collect(attribute.getG(), byUse);
                }
                attribute.getGraphsList().forEach(inner -> collect(inner, byUse));
            }
        }
        graph.getOutputList().forEach(output -> byUse.put(output.getName(), Role.PARAMETER));
    }

    /** The role of an initializer; a name that is none is a constant. */
    public Role role(String name) {
        return roles.getOrDefault(name, Role.CONSTANT);
    }

    private static Role roleOfInput(NodeProto node, int position) {
        if (node.getOpType().equals("BatchNormalization") && position >= 3) {
            return Role.STATISTIC;
        }
        return CONFIGURING.getOrDefault(node.getOpType(), Set.of()).contains(position) ? Role.CONSTANT : Role.PARAMETER;
    }

    private static boolean isConstant(TensorProto proto) {
        boolean floating = OnnxElementTypes.fromOnnx(proto.getDataType())
                .map(io.squisher.tensor.ElementType::isFloating)
                .orElse(false);
        boolean number = proto.getDimsCount() == 0 || proto.getDimsCount() == 1 && proto.getDims(0) == 1;
        return !floating || number && isMadeUp(proto.getName());
    }

    /**
     * Names of the exporters: {@code onnx::Add_12}, {@code val_58}, {@code /layer/Constant_output_0}, plain numbers, folded
     * constants.
     */
    private static boolean isMadeUp(String name) {
        return name.isEmpty()
                || name.contains("::")
                || name.startsWith("/")
                || name.matches("val_\\d+")
                || name.toLowerCase(java.util.Locale.ROOT).contains("const")
                || name.chars().allMatch(Character::isDigit);
    }
}
