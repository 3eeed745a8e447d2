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
            Map.entry("CenterCropPad", new CenterCropPadRule()),
            Map.entry("Col2Im", new Col2ImRule()),
            Map.entry("Compress", new CompressRule()),
            Map.entry("Concat", new ConcatRule()),
            Map.entry("Conv", new ConvRule()),
            Map.entry("ConvTranspose", new ConvTransposeRule()),
            Map.entry("CumSum", new CumSumRule()),
            Map.entry("DepthToSpace", new DepthToSpaceRule()),
            Map.entry("Det", new DetRule()),
            Map.entry("Expand", context -> Gradients.of(context.dy())),
            Map.entry("Flatten", new ReshapeRule()),
            Map.entry("Gather", new GatherRule()),
            Map.entry("GatherElements", new GatherElementsRule()),
            Map.entry("GatherND", new GatherNDRule()),
            Map.entry("Gemm", new GemmRule()),
            Map.entry("GlobalAveragePool", new GlobalAveragePoolRule()),
            Map.entry("LayerNormalization", new LayerNormalizationRule()),
            Map.entry("LogSoftmax", new LogSoftmaxRule()),
            Map.entry("MatMul", new MatMulRule()),
            Map.entry("MaxPool", new MaxPoolRule()),
            Map.entry("OneHot", new OneHotRule()),
            Map.entry("Pad", new PadRule()),
            Map.entry("Reshape", new ReshapeRule()),
            Map.entry("ReverseSequence", new ReverseSequenceRule()),
            Map.entry("ScatterElements", new ScatterRule("ScatterElements", "GatherElements")),
            Map.entry("ScatterND", new ScatterRule("ScatterND", "GatherND")),
            Map.entry("Slice", new SliceRule()),
            Map.entry("Softmax", new SoftmaxRule()),
            Map.entry("SpaceToDepth", new SpaceToDepthRule()),
            Map.entry("Split", new SplitRule()),
            Map.entry("Squeeze", new ReshapeRule()),
            Map.entry("Tile", new TileRule()),
            Map.entry("TopK", new TopKRule()),
            Map.entry("Transpose", new TransposeRule()),
            Map.entry("Trilu", new TriluRule()),
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
        rules.putAll(ActivationRules.ALL);
        rules.putAll(VariadicRules.ALL);
        rules.putAll(ReductionRules.ALL);
        return new GradientRules(rules, NOT_DIFFERENTIABLE);
    }
}
