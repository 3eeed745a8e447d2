package io.squisher.onnx.shape;

import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.operators.Trait;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which values follow from the sizes of the inputs and from stored tensors, whatever the examples hold. */
public final class ShapeDependence {
    /** How large their output is depends on the elements of their input. */
    private static final Set<String> SIZED_BY_ELEMENTS = Set.of(
            "Compress", "If", "Loop", "NonMaxSuppression", "NonZero", "Scan", "SequenceMap", "StringSplit", "Unique");

    /** Their size is what the elements of their inputs say, from this position on. */
    private static final Map<String, Integer> SIZED_BY_INPUTS = Map.ofEntries(
            Map.entry("AffineGrid", 1),
            Map.entry("CenterCropPad", 1),
            Map.entry("Col2Im", 1),
            Map.entry("ConstantOfShape", 0),
            Map.entry("Expand", 1),
            Map.entry("MaxUnpool", 2),
            Map.entry("OneHot", 1),
            Map.entry("Pad", 1),
            Map.entry("Range", 0),
            Map.entry("Reshape", 1),
            Map.entry("Resize", 1),
            Map.entry("Slice", 1),
            Map.entry("Split", 1),
            Map.entry("SplitToSequence", 1),
            Map.entry("Squeeze", 1),
            Map.entry("Tile", 1),
            Map.entry("TopK", 1),
            Map.entry("Unsqueeze", 1),
            Map.entry("Upsample", 1));

    private final Graph graph;
    private final Map<String, Node> producers;
    private final Map<String, Optional<String>> elements = new HashMap<>();
    private final Map<String, Optional<String>> sizes = new HashMap<>();

    public ShapeDependence(Graph graph) {
        this.graph = graph;
        this.producers = graph.producers();
    }

    /** An input or a node whose elements the value depends on; empty where sizes alone decide it. */
    public Optional<String> cause(String value) {
        Optional<String> known = elements.get(value);
        if (known == null) {
            known = causeOfElements(value);
            elements.put(value, known);
        }
        return known;
    }

    private Optional<String> causeOfElements(String value) {
        Node node = producers.get(value);
        if (value.isEmpty() || graph.stored(value).isPresent()) {
            return Optional.empty();
        }
        if (node == null) {
            return Optional.of("the input '" + value + "'");
        }
        if (node.facts().has(Trait.RANDOM)) {
            return Optional.of(node.toString());
        }
        return node.facts().has(Trait.SHAPE_ONLY)
                ? causeOfSize(node.input(0))
                : first(node.elementsRead(), true).or(() -> first(List.copyOf(node.captured()), true));
    }

    private Optional<String> causeOfSize(String value) {
        Optional<String> known = sizes.get(value);
        if (known == null) {
            known = findCauseOfSize(value);
            sizes.put(value, known);
        }
        return known;
    }

    private Optional<String> findCauseOfSize(String value) {
        Node node = producers.get(value);
        if (value.isEmpty() || node == null || graph.stored(value).isPresent()) {
            return Optional.empty();
        }
        if (SIZED_BY_ELEMENTS.contains(node.op())) {
            return first(node.inputs(), true).or(() -> first(List.copyOf(node.captured()), true));
        }
        int from = SIZED_BY_INPUTS.getOrDefault(node.op(), node.inputs().size());
        List<String> sized =
                node.inputs().subList(0, Math.min(from, node.inputs().size()));
        List<String> read = node.inputs().subList(sized.size(), node.inputs().size());
        return first(sized, false).or(() -> first(read, true));
    }

    private Optional<String> first(List<String> values, boolean byElements) {
        for (String value : values) {
            Optional<String> cause = byElements ? cause(value) : causeOfSize(value);
            if (cause.isPresent()) {
                return cause;
            }
        }
        return Optional.empty();
    }
}
