package io.squisher.onnx.reading.opset;

import static io.squisher.onnx.reading.opset.AttributeAdapters.attributeToInput;
import static io.squisher.onnx.reading.opset.AttributeAdapters.defaults;
import static io.squisher.onnx.reading.opset.AttributeAdapters.renamed;
import static io.squisher.onnx.reading.opset.AttributeAdapters.rounded;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which adapter raises which standard operator, sorted by operator. */
public final class OpsetAdapters {
    /**
     * An adapter for nodes of opsets before {@code before}; later ones mean the same at the target opset.
     */
    private record Entry(int before, NodeAdapter adapter) {}

    /** For operators that are never left as they are. */
    private static final int ALWAYS = Integer.MAX_VALUE;

    private static final Map<String, Entry> BY_OPERATOR = Map.ofEntries(
            Map.entry("Add", new Entry(7, BroadcastAdapter::raise)),
            Map.entry("Affine", new Entry(ALWAYS, HistoricalOperators::affine)),
            Map.entry("And", new Entry(7, BroadcastAdapter::raise)),
            Map.entry("AveragePool", new Entry(ALWAYS, AveragePoolAdapter::raise)),
            Map.entry("BatchNormalization", new Entry(ALWAYS, BatchNormalizationAdapter::raise)),
            Map.entry("Cast", new Entry(6, CastAdapter::raise)),
            Map.entry("Clip", new Entry(11, AttributeAdapters::clip)),
            Map.entry("Concat", new Entry(4, AttributeAdapters::concat)),
            Map.entry("ConcatFromSequence", new Entry(ALWAYS, SequenceAdapter::join)),
            Map.entry("Constant", new Entry(ALWAYS, ConstantAdapter::lift)),
            Map.entry("Crop", new Entry(ALWAYS, HistoricalOperators::crop)),
            Map.entry("DFT", new Entry(20, AttributeAdapters::dft)),
            Map.entry("Div", new Entry(7, BroadcastAdapter::raise)),
            Map.entry("Dropout", new Entry(ALWAYS, DropoutAdapter::toIdentity)),
            Map.entry("DynamicSlice", new Entry(ALWAYS, renamed("Slice"))),
            Map.entry("Equal", new Entry(7, BroadcastAdapter::raise)),
            Map.entry("GRU", new Entry(ALWAYS, RecurrentAdapter::raise)),
            Map.entry(
                    "Gemm",
                    new Entry(
                            7,
                            (node, raiser) -> raiser.emit(
                                    node.withAttributes(node.attributes().without("broadcast"))))),
            Map.entry("GlobalLpPool", new Entry(2, rounded("p", 2))),
            Map.entry("Greater", new Entry(7, BroadcastAdapter::raise)),
            Map.entry("GridSample", new Entry(20, AttributeAdapters::gridSample)),
            Map.entry("GroupNormalization", new Entry(21, GroupNormalizationAdapter::raise)),
            Map.entry("Hardmax", new Entry(13, SoftmaxAdapter::flattened)),
            Map.entry("Identity", new Entry(ALWAYS, SequenceAdapter::pass)),
            Map.entry("ImageScaler", new Entry(ALWAYS, HistoricalOperators::imageScaler)),
            Map.entry("LSTM", new Entry(ALWAYS, RecurrentAdapter::raise)),
            Map.entry("Less", new Entry(7, BroadcastAdapter::raise)),
            Map.entry("LogSoftmax", new Entry(13, SoftmaxAdapter::flattened)),
            Map.entry("LpPool", new Entry(2, rounded("p", 2))),
            Map.entry("Mul", new Entry(7, BroadcastAdapter::raise)),
            Map.entry("Or", new Entry(7, BroadcastAdapter::raise)),
            Map.entry("PRelu", new Entry(7, BroadcastAdapter::slopes)),
            Map.entry("Pad", new Entry(11, AttributeAdapters::pad)),
            Map.entry("ParametricSoftplus", new Entry(ALWAYS, HistoricalOperators::parametricSoftplus)),
            Map.entry("Pow", new Entry(7, BroadcastAdapter::raise)),
            Map.entry("RNN", new Entry(ALWAYS, RecurrentAdapter::raise)),
            Map.entry("ReduceL1", new Entry(ALWAYS, ReductionAdapter::raise)),
            Map.entry("ReduceL2", new Entry(ALWAYS, ReductionAdapter::raise)),
            Map.entry("ReduceLogSum", new Entry(ALWAYS, ReductionAdapter::raise)),
            Map.entry("ReduceLogSumExp", new Entry(ALWAYS, ReductionAdapter::raise)),
            Map.entry("ReduceMax", new Entry(ALWAYS, ReductionAdapter::raise)),
            Map.entry("ReduceMean", new Entry(ALWAYS, ReductionAdapter::raise)),
            Map.entry("ReduceMin", new Entry(ALWAYS, ReductionAdapter::raise)),
            Map.entry("ReduceProd", new Entry(ALWAYS, ReductionAdapter::raise)),
            Map.entry("ReduceSum", new Entry(ALWAYS, ReductionAdapter::raise)),
            Map.entry("ReduceSumSquare", new Entry(ALWAYS, ReductionAdapter::raise)),
            Map.entry("Reshape", new Entry(5, attributeToInput("shape"))),
            Map.entry("Resize", new Entry(11, ResizeAdapter::resize)),
            Map.entry("RoiAlign", new Entry(16, AttributeAdapters::roiAlign)),
            Map.entry("Scale", new Entry(ALWAYS, HistoricalOperators::scale)),
            Map.entry("ScaledTanh", new Entry(ALWAYS, HistoricalOperators::scaledTanh)),
            Map.entry("Scatter", new Entry(ALWAYS, renamed("ScatterElements"))),
            Map.entry("Selu", new Entry(6, defaults(Map.of("alpha", 1.6732f, "gamma", 1.0507f)))),
            Map.entry("SequenceAt", new Entry(ALWAYS, SequenceAdapter::at)),
            Map.entry("SequenceConstruct", new Entry(ALWAYS, SequenceAdapter::construct)),
            Map.entry("SequenceEmpty", new Entry(ALWAYS, SequenceAdapter::empty)),
            Map.entry("SequenceErase", new Entry(ALWAYS, SequenceAdapter::erase)),
            Map.entry("SequenceInsert", new Entry(ALWAYS, SequenceAdapter::insert)),
            Map.entry("SequenceLength", new Entry(ALWAYS, SequenceAdapter::length)),
            Map.entry("Slice", new Entry(10, AttributeAdapters::slice)),
            Map.entry("Softmax", new Entry(13, SoftmaxAdapter::flattened)),
            Map.entry("Split", new Entry(18, AttributeAdapters::split)),
            Map.entry("SplitToSequence", new Entry(ALWAYS, SequenceAdapter::split)),
            Map.entry("Squeeze", new Entry(13, attributeToInput("axes"))),
            Map.entry("Sub", new Entry(7, BroadcastAdapter::raise)),
            Map.entry("Tile", new Entry(6, BroadcastAdapter::tile)),
            Map.entry("TopK", new Entry(10, attributeToInput("k"))),
            Map.entry("Unsqueeze", new Entry(13, attributeToInput("axes"))),
            Map.entry("Upsample", new Entry(ALWAYS, ResizeAdapter::upsample)),
            Map.entry("Xor", new Entry(7, BroadcastAdapter::raise)));

    private OpsetAdapters() {}

    /** The adapter for a node of the default domain in a file of {@code opset}, if it needs one. */
    public static Optional<NodeAdapter> find(Node node, int opset) {
        return node.domain().isEmpty()
                ? Optional.ofNullable(BY_OPERATOR.get(node.op()))
                        .filter(entry -> opset < entry.before)
                        .map(Entry::adapter)
                : Optional.empty();
    }

    /** A node that passes its first input on. */
    static Node identity(Node node) {
        return new Node(node.name(), "Identity", "", List.of(node.input(0)), List.of(node.output(0)), Attributes.NONE);
    }
}
