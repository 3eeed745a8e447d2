package io.squisher.onnx.autodiff.rules;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.GradientRules;
import io.squisher.onnx.autodiff.Gradients;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Every operator that is known, sorted: with a rule, or as one that passes no gradient. */
public final class StandardRules {
    private static final Map<String, GradientRule> WITH_SHAPE_LOGIC = Map.ofEntries(
            Map.entry("AveragePool", new AveragePoolRule()),
            Map.entry("BatchNormalization", new BatchNormalizationRule()),
            Map.entry("Concat", new ConcatRule()),
            Map.entry("Conv", new ConvRule()),
            Map.entry("ConvTranspose", new ConvTransposeRule()),
            Map.entry("Expand", context -> Gradients.of(context.dy())),
            Map.entry("Flatten", new ReshapeRule()),
            Map.entry("Gather", new GatherRule()),
            Map.entry("Gemm", new GemmRule()),
            Map.entry("GlobalAveragePool", new GlobalAveragePoolRule()),
            Map.entry("LayerNormalization", new LayerNormalizationRule()),
            Map.entry("LogSoftmax", new LogSoftmaxRule()),
            Map.entry("MatMul", new MatMulRule()),
            Map.entry("MaxPool", new MaxPoolRule()),
            Map.entry("ReduceMean", new ReduceMeanRule()),
            Map.entry("ReduceSum", new ReduceSumRule()),
            Map.entry("Reshape", new ReshapeRule()),
            Map.entry("Slice", new SliceRule()),
            Map.entry("Softmax", new SoftmaxRule()),
            Map.entry("Split", new SplitRule()),
            Map.entry("Squeeze", new ReshapeRule()),
            Map.entry("Transpose", new TransposeRule()),
            Map.entry("Unsqueeze", new ReshapeRule()));

    private static final Set<String> NOT_DIFFERENTIABLE = Set.of(
            "And",
            "ArgMax",
            "ArgMin",
            "BitwiseAnd",
            "BitwiseNot",
            "BitwiseOr",
            "BitwiseXor",
            "BitShift",
            "Ceil",
            "ConstantOfShape",
            "Equal",
            "EyeLike",
            "Floor",
            "Greater",
            "GreaterOrEqual",
            "Hardmax",
            "IsInf",
            "IsNaN",
            "Less",
            "LessOrEqual",
            "NonZero",
            "Not",
            "OneHot",
            "Or",
            "Range",
            "Round",
            "Shape",
            "Sign",
            "Size",
            "Xor");

    private StandardRules() {}

    /** The rules of this release. */
    public static GradientRules all() {
        Map<String, GradientRule> rules = new HashMap<>(WITH_SHAPE_LOGIC);
        rules.putAll(ElementwiseRules.ALL);
        return new GradientRules(rules, NOT_DIFFERENTIABLE);
    }
}
