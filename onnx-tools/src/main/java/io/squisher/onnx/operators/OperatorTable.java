package io.squisher.onnx.operators;

import static io.squisher.onnx.operators.Trait.BROADCAST;
import static io.squisher.onnx.operators.Trait.ELEMENTWISE;
import static io.squisher.onnx.operators.Trait.FLOATING;
import static io.squisher.onnx.operators.Trait.INTEGER;
import static io.squisher.onnx.operators.Trait.MOVES;
import static io.squisher.onnx.operators.Trait.ONCE;
import static io.squisher.onnx.operators.Trait.POOLING;
import static io.squisher.onnx.operators.Trait.RANDOM;
import static io.squisher.onnx.operators.Trait.REDUCTION;
import static io.squisher.onnx.operators.Trait.RESHAPE;
import static io.squisher.onnx.operators.Trait.SAME_RANK;
import static io.squisher.onnx.operators.Trait.SAME_SHAPE;
import static io.squisher.onnx.operators.Trait.SECOND_INTEGER;
import static io.squisher.onnx.operators.Trait.SECOND_TYPE_ONLY;
import static io.squisher.onnx.operators.Trait.SHAPE_ONLY;
import static io.squisher.onnx.operators.Trait.TRUTH;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The operators of the standard up to opset 25, each in one row. */
final class OperatorTable {
    private final Map<String, OperatorFacts> facts = new TreeMap<>();

    static final Map<String, OperatorFacts> ALL = new OperatorTable().filled();

    private OperatorTable() {}

    private Map<String, OperatorFacts> filled() {
        elementwise();
        rearranging();
        summarising();
        making();
        return Collections.unmodifiableMap(facts);
    }

    private void elementwise() {
        row(
                "Abs Acos Acosh Asin Asinh Atan Atanh Ceil Celu Clip Cos Cosh Elu Erf Exp Floor Gelu HardSigmoid HardSwish"
                        + " LeakyRelu Log Mish Neg Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign"
                        + " Sqrt Swish Tan Tanh ThresholdedRelu",
                ELEMENTWISE);
        row("Cast", ELEMENTWISE, ONCE);
        row("Identity", ELEMENTWISE, MOVES, ONCE);
        row("Dropout", ELEMENTWISE, SECOND_INTEGER);
        typed(1, "CastLike", ELEMENTWISE, ONCE, SECOND_TYPE_ONLY);
        row("IsInf IsNaN Not", ELEMENTWISE, TRUTH);
        row("BitwiseNot", ELEMENTWISE, INTEGER);
        row("Add Div Max Mean Min Mod Mul Pow Sub Sum", BROADCAST);
        row("PRelu", BROADCAST, SAME_SHAPE);
        typed(1, "Where", BROADCAST);
        row("And Equal Greater GreaterOrEqual Less LessOrEqual Or Xor", BROADCAST, TRUTH);
        row("BitShift BitwiseAnd BitwiseOr BitwiseXor", BROADCAST, INTEGER);
        row("com.microsoft.Gelu com.microsoft.QuickGelu", ELEMENTWISE);
    }

    private void rearranging() {
        row("Flatten Reshape Squeeze Unsqueeze", RESHAPE);
        row("Concat Slice Split Transpose", MOVES, ONCE, SAME_RANK);
        row("CenterCropPad DepthToSpace SpaceToDepth", MOVES, ONCE, SAME_RANK);
        row("ReverseSequence Trilu", MOVES, ONCE, SAME_SHAPE);
        row("Compress Expand Gather GatherND", MOVES);
        row("GatherElements Pad Tile", MOVES, SAME_RANK);
        row("Scatter ScatterElements ScatterND TensorScatter", SAME_SHAPE);
        row("MaxUnpool", SAME_RANK);
    }

    private void summarising() {
        row(
                "BatchNormalization CumSum GroupNormalization Hardmax InstanceNormalization LRN LayerNormalization"
                        + " LogSoftmax LpNormalization MeanVarianceNormalization RMSNormalization RotaryEmbedding Softmax",
                SAME_SHAPE);
        row(
                "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum"
                        + " ReduceSumSquare",
                REDUCTION);
        row("ArgMax ArgMin", INTEGER);
        row("AveragePool GlobalAveragePool GlobalLpPool GlobalMaxPool LpPool", POOLING, SAME_RANK);
        row("MaxPool", POOLING, SAME_RANK, SECOND_INTEGER);
        row("TopK", SAME_RANK, SECOND_INTEGER);
        row("Conv ConvTranspose DeformConv Resize Upsample", SAME_RANK);
        row("ConvInteger", SAME_RANK, INTEGER);
        row("MatMulInteger NonMaxSuppression", INTEGER);
        row("AffineGrid Attention Col2Im DFT Det Einsum GRU Gemm GridSample LSTM MatMul MaxRoiPool"
                + " NegativeLogLikelihoodLoss RNN RoiAlign STFT SoftmaxCrossEntropyLoss");
        row("Unique", SECOND_INTEGER);
    }

    private void making() {
        row("Shape Size", SHAPE_ONLY, INTEGER);
        row("EyeLike", SHAPE_ONLY);
        row("NonZero", INTEGER);
        row("Constant ConstantOfShape Range");
        row("BlackmanWindow HammingWindow HannWindow MelWeightMatrix", FLOATING);
        row("RandomNormal RandomNormalLike RandomUniform RandomUniformLike", RANDOM);
        row("Bernoulli", SAME_SHAPE, RANDOM);
        row("Multinomial", INTEGER, RANDOM);
        typed(2, "OneHot");
        row("DequantizeLinear", SAME_SHAPE);
        row("DynamicQuantizeLinear QLinearConv QLinearMatMul QuantizeLinear");
        row("If Loop Scan");
        row("ConcatFromSequence Optional OptionalGetElement SequenceAt SequenceConstruct SequenceEmpty SequenceErase"
                + " SequenceInsert SequenceMap SplitToSequence");
        row("OptionalHasElement", TRUTH);
        row("SequenceLength", INTEGER);
        row("StringConcat", BROADCAST, INTEGER);
        row("RegexFullMatch", ELEMENTWISE, TRUTH);
        row("ImageDecoder StringNormalizer StringSplit", INTEGER);
        row("TfIdfVectorizer", FLOATING);
    }

    /** Adds operators, whose names are between blanks. */
    private void row(String operators, Trait... traits) {
        typed(0, operators, traits);
    }

    /** Adds operators whose first output has the type of input {@code typedBy}. */
    private void typed(int typedBy, String operators, Trait... traits) {
        Set<Trait> all = EnumSet.noneOf(Trait.class);
        all.addAll(Arrays.asList(traits));
        if (all.contains(RESHAPE)) {
            all.addAll(Set.of(MOVES, ONCE));
        }
        if (all.contains(ELEMENTWISE)) {
            all.add(SAME_SHAPE);
        }
        if (all.contains(SAME_SHAPE)) {
            all.add(SAME_RANK);
        }
        for (String operator : operators.split(" ")) {
            OperatorFacts before = facts.put(operator, new OperatorFacts(Collections.unmodifiableSet(all), typedBy));
            if (before != null) {
                throw new IllegalStateException(operator + " has two rows");
            }
        }
    }
}
