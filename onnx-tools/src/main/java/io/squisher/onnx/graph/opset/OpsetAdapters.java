package io.squisher.onnx.graph.opset;

import static io.squisher.onnx.graph.opset.AttributeAdapters.attributeToInput;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which adapter raises which operator, sorted by operator. */
final class OpsetAdapters {
    /**
     * An adapter for nodes of opsets before {@code before}; later ones mean the same at the target opset.
     */
    private record Entry(int before, OpsetAdapter adapter) {}

    /** For operators whose meaning is the same in all opsets that are read. */
    private static final int ALWAYS = Integer.MAX_VALUE;

    private static final Map<String, Entry> BY_OPERATOR = Map.ofEntries(
            Map.entry("Add", new Entry(7, AttributeAdapters::broadcastAxis)),
            Map.entry("BatchNormalization", new Entry(14, AttributeAdapters::batchNormalization)),
            Map.entry("Clip", new Entry(11, AttributeAdapters::clip)),
            Map.entry("Constant", new Entry(ALWAYS, ConstantAdapter::lift)),
            Map.entry("Div", new Entry(7, AttributeAdapters::broadcastAxis)),
            Map.entry("Dropout", new Entry(ALWAYS, DropoutAdapter::toIdentity)),
            Map.entry(
                    "Gemm",
                    new Entry(
                            7,
                            (node, raiser) -> raiser.emit(
                                    node.withAttributes(node.attributes().without("broadcast"))))),
            Map.entry("Hardmax", new Entry(13, SoftmaxAdapter::flattened)),
            Map.entry("LogSoftmax", new Entry(13, SoftmaxAdapter::flattened)),
            Map.entry("Mul", new Entry(7, AttributeAdapters::broadcastAxis)),
            Map.entry("Pad", new Entry(11, AttributeAdapters::pad)),
            Map.entry("Pow", new Entry(7, AttributeAdapters::broadcastAxis)),
            Map.entry("ReduceL1", reduction(18)),
            Map.entry("ReduceL2", reduction(18)),
            Map.entry("ReduceLogSum", reduction(18)),
            Map.entry("ReduceLogSumExp", reduction(18)),
            Map.entry("ReduceMax", reduction(18)),
            Map.entry("ReduceMean", reduction(18)),
            Map.entry("ReduceMin", reduction(18)),
            Map.entry("ReduceProd", reduction(18)),
            Map.entry("ReduceSum", reduction(13)),
            Map.entry("ReduceSumSquare", reduction(18)),
            Map.entry("Reshape", new Entry(5, attributeToInput("shape"))),
            Map.entry("Slice", new Entry(10, AttributeAdapters::slice)),
            Map.entry("Softmax", new Entry(13, SoftmaxAdapter::flattened)),
            Map.entry("Split", new Entry(18, AttributeAdapters::split)),
            Map.entry("Squeeze", new Entry(13, attributeToInput("axes"))),
            Map.entry("Sub", new Entry(7, AttributeAdapters::broadcastAxis)),
            Map.entry("TopK", new Entry(10, attributeToInput("k"))),
            Map.entry("Unsqueeze", new Entry(13, attributeToInput("axes"))));

    private OpsetAdapters() {}

    private static Entry reduction(int before) {
        return new Entry(before, attributeToInput("axes"));
    }

    /** The adapter for a node of {@code op} in a file of {@code opset}, if it needs one. */
    static Optional<OpsetAdapter> forOperator(String op, int opset) {
        return Optional.ofNullable(BY_OPERATOR.get(op))
                .filter(entry -> opset < entry.before)
                .map(Entry::adapter);
    }

    /** A node that passes its first input on. */
    static Node identity(Node node) {
        return new Node(node.name(), "Identity", "", List.of(node.input(0)), List.of(node.output(0)), Attributes.NONE);
    }
}
