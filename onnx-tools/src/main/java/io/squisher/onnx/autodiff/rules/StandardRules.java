package io.squisher.onnx.autodiff.rules;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.GradientRules;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.rules.control.ScanRule;
import io.squisher.onnx.autodiff.rules.convolution.AveragePoolRule;
import io.squisher.onnx.autodiff.rules.convolution.Col2ImRule;
import io.squisher.onnx.autodiff.rules.convolution.ConvRule;
import io.squisher.onnx.autodiff.rules.convolution.ConvTransposeRule;
import io.squisher.onnx.autodiff.rules.convolution.GlobalAveragePoolRule;
import io.squisher.onnx.autodiff.rules.convolution.GlobalMaxPoolRule;
import io.squisher.onnx.autodiff.rules.convolution.LpPoolRule;
import io.squisher.onnx.autodiff.rules.convolution.MaxPoolRule;
import io.squisher.onnx.autodiff.rules.convolution.MaxUnpoolRule;
import io.squisher.onnx.autodiff.rules.elementwise.ActivationRules;
import io.squisher.onnx.autodiff.rules.elementwise.ElementwiseRules;
import io.squisher.onnx.autodiff.rules.elementwise.VariadicRules;
import io.squisher.onnx.autodiff.rules.indexing.CompressRule;
import io.squisher.onnx.autodiff.rules.indexing.GatherElementsRule;
import io.squisher.onnx.autodiff.rules.indexing.GatherNDRule;
import io.squisher.onnx.autodiff.rules.indexing.GatherRule;
import io.squisher.onnx.autodiff.rules.indexing.OneHotRule;
import io.squisher.onnx.autodiff.rules.indexing.ScatterRule;
import io.squisher.onnx.autodiff.rules.indexing.TopKRule;
import io.squisher.onnx.autodiff.rules.linear.DetRule;
import io.squisher.onnx.autodiff.rules.linear.EinsumRule;
import io.squisher.onnx.autodiff.rules.linear.GemmRule;
import io.squisher.onnx.autodiff.rules.linear.MatMulRule;
import io.squisher.onnx.autodiff.rules.loss.CrossEntropyLossRule;
import io.squisher.onnx.autodiff.rules.normalization.BatchNormalizationRule;
import io.squisher.onnx.autodiff.rules.normalization.GroupNormalizationRule;
import io.squisher.onnx.autodiff.rules.normalization.LayerNormalizationRule;
import io.squisher.onnx.autodiff.rules.normalization.LocalResponseNormalizationRule;
import io.squisher.onnx.autodiff.rules.normalization.LogSoftmaxRule;
import io.squisher.onnx.autodiff.rules.normalization.LpNormalizationRule;
import io.squisher.onnx.autodiff.rules.normalization.MeanVarianceNormalizationRule;
import io.squisher.onnx.autodiff.rules.normalization.SoftmaxRule;
import io.squisher.onnx.autodiff.rules.recurrent.RecurrentRule;
import io.squisher.onnx.autodiff.rules.reduction.CumSumRule;
import io.squisher.onnx.autodiff.rules.reduction.ReductionRules;
import io.squisher.onnx.autodiff.rules.sampling.AffineGridRule;
import io.squisher.onnx.autodiff.rules.sampling.GridSampleRule;
import io.squisher.onnx.autodiff.rules.sampling.MaxRoiPoolRule;
import io.squisher.onnx.autodiff.rules.sampling.ResizeRule;
import io.squisher.onnx.autodiff.rules.sampling.RoiAlignRule;
import io.squisher.onnx.autodiff.rules.shape.CenterCropPadRule;
import io.squisher.onnx.autodiff.rules.shape.ConcatRule;
import io.squisher.onnx.autodiff.rules.shape.DepthToSpaceRule;
import io.squisher.onnx.autodiff.rules.shape.PadRule;
import io.squisher.onnx.autodiff.rules.shape.ReshapeRule;
import io.squisher.onnx.autodiff.rules.shape.ReverseSequenceRule;
import io.squisher.onnx.autodiff.rules.shape.SliceRule;
import io.squisher.onnx.autodiff.rules.shape.SpaceToDepthRule;
import io.squisher.onnx.autodiff.rules.shape.SplitRule;
import io.squisher.onnx.autodiff.rules.shape.TileRule;
import io.squisher.onnx.autodiff.rules.shape.TransposeRule;
import io.squisher.onnx.autodiff.rules.shape.TriluRule;
import io.squisher.onnx.autodiff.rules.signal.DftRule;
import io.squisher.onnx.autodiff.rules.signal.StftRule;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Every operator that is known, sorted: with a rule, as one that passes no gradient, or as refused. */
public final class StandardRules {
    private static final Map<String, GradientRule> WITH_SHAPE_LOGIC = Map.ofEntries(
            Map.entry("AffineGrid", new AffineGridRule()),
            Map.entry("AveragePool", new AveragePoolRule()),
            Map.entry("BatchNormalization", new BatchNormalizationRule()),
            Map.entry("CenterCropPad", new CenterCropPadRule()),
            Map.entry("Col2Im", new Col2ImRule()),
            Map.entry("Compress", new CompressRule()),
            Map.entry("Concat", new ConcatRule()),
            Map.entry("Conv", new ConvRule()),
            Map.entry("ConvTranspose", new ConvTransposeRule()),
            Map.entry("CumSum", new CumSumRule()),
            Map.entry("DFT", new DftRule()),
            Map.entry("DepthToSpace", new DepthToSpaceRule()),
            Map.entry("Det", new DetRule()),
            Map.entry("Einsum", new EinsumRule()),
            Map.entry("Expand", context -> Gradients.of(context.dy())),
            Map.entry("Flatten", new ReshapeRule()),
            Map.entry("GRU", RecurrentRule.GRU),
            Map.entry("Gather", new GatherRule()),
            Map.entry("GatherElements", new GatherElementsRule()),
            Map.entry("GatherND", new GatherNDRule()),
            Map.entry("Gemm", new GemmRule()),
            Map.entry("GlobalAveragePool", new GlobalAveragePoolRule()),
            Map.entry("GlobalLpPool", new LpPoolRule(true)),
            Map.entry("GlobalMaxPool", new GlobalMaxPoolRule()),
            Map.entry("GridSample", new GridSampleRule()),
            Map.entry("GroupNormalization", new GroupNormalizationRule()),
            Map.entry("InstanceNormalization", new GroupNormalizationRule()),
            Map.entry("LRN", new LocalResponseNormalizationRule()),
            Map.entry("LSTM", RecurrentRule.LSTM),
            Map.entry("LayerNormalization", new LayerNormalizationRule()),
            Map.entry("LogSoftmax", new LogSoftmaxRule()),
            Map.entry("LpNormalization", new LpNormalizationRule()),
            Map.entry("LpPool", new LpPoolRule(false)),
            Map.entry("MatMul", new MatMulRule()),
            Map.entry("MaxPool", new MaxPoolRule()),
            Map.entry("MaxRoiPool", new MaxRoiPoolRule()),
            Map.entry("MaxUnpool", new MaxUnpoolRule()),
            Map.entry("MeanVarianceNormalization", new MeanVarianceNormalizationRule()),
            Map.entry("NegativeLogLikelihoodLoss", new CrossEntropyLossRule(false)),
            Map.entry("OneHot", new OneHotRule()),
            Map.entry("Pad", new PadRule()),
            Map.entry("RNN", RecurrentRule.RNN),
            Map.entry("Reshape", new ReshapeRule()),
            Map.entry("Resize", new ResizeRule()),
            Map.entry("ReverseSequence", new ReverseSequenceRule()),
            Map.entry("RoiAlign", new RoiAlignRule()),
            Map.entry("ScatterElements", new ScatterRule("ScatterElements", "GatherElements")),
            Map.entry("ScatterND", new ScatterRule("ScatterND", "GatherND")),
            Map.entry("STFT", new StftRule()),
            Map.entry("Scan", new ScanRule(StandardRules::all)),
            Map.entry("Slice", new SliceRule()),
            Map.entry("Softmax", new SoftmaxRule()),
            Map.entry("SoftmaxCrossEntropyLoss", new CrossEntropyLossRule(true)),
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
            "BitShift",
            "BitwiseAnd",
            "BitwiseNot",
            "BitwiseOr",
            "BitwiseXor",
            "BlackmanWindow",
            "Ceil",
            "ConstantOfShape",
            "Equal",
            "EyeLike",
            "Floor",
            "Greater",
            "GreaterOrEqual",
            "HammingWindow",
            "HannWindow",
            "Hardmax",
            "IsInf",
            "IsNaN",
            "Less",
            "LessOrEqual",
            "MelWeightMatrix",
            "NonMaxSuppression",
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
        return new GradientRules(rules, NOT_DIFFERENTIABLE, RefusedOperators.REASONS);
    }
}
