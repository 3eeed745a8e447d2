package io.squisher.onnx.shape;

import io.squisher.onnx.graph.FileGraph;
import io.squisher.onnx.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads off the graph what stands in a vector that gives a shape. */
public final class ShapeEntries {
    private final FileGraph graph;

    public ShapeEntries(FileGraph graph) {
        this.graph = graph;
    }

    /**
     * An element of a shape.
     *
     * @param value the number as Reshape reads it (−1 and 0 have their meaning there), or {@link #MEASURED}
     * @param axis of some tensor whose size this is, where it is measured; −1 if that is not known
     */
    public record Entry(long value, int axis) {
        static final long MEASURED = Long.MIN_VALUE;

        static Entry of(long value) {
            return new Entry(value, -1);
        }

        static Entry measured(int axis) {
            return new Entry(MEASURED, axis);
        }

        public boolean isNumber() {
            return value != MEASURED;
        }
    }

    /** The elements of {@code value}, if their number is known. */
    public Optional<List<Entry>> of(String value) {
        Optional<long[]> stored = graph.integers(value);
        if (stored.isPresent()) {
            List<Entry> entries = new ArrayList<>();
            for (long number : stored.get()) {
                entries.add(Entry.of(number));
            }
            return Optional.of(entries);
        }
        return graph.producer(value).flatMap(this::computed);
    }

    /** Whether single elements can be exchanged: a constant, or a Concat of single elements. */
    public boolean isEditable(String value) {
        return graph.integers(value).isPresent()
                || graph.producer(value)
                        .filter(node -> node.op().equals("Concat"))
                        .flatMap(node ->
                                of(value).map(all -> all.size() == node.inputs().size()))
                        .orElse(false);
    }

    private Optional<List<Entry>> computed(Node node) {
        return switch (node.op()) {
            case "Concat" -> concatenated(node);
            case "Unsqueeze", "Cast", "Identity", "Squeeze" -> of(node.input(0));
            case "Gather" -> gathered(node).map(List::of);
            default -> Optional.empty();
        };
    }

    private Optional<List<Entry>> concatenated(Node node) {
        List<Entry> all = new ArrayList<>();
        for (String input : node.inputs()) {
            Optional<List<Entry>> part = of(input);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            all.addAll(part.get());
        }
        return Optional.of(all);
    }

    /** One dimension of some tensor's shape. */
    private Optional<Entry> gathered(Node node) {
        boolean ofShape = graph.producer(node.input(0))
                .map(source -> source.op().equals("Shape"))
                .orElse(false);
        return graph.integers(node.input(1))
                .filter(index -> index.length == 1)
                .map(index -> Entry.measured(ofShape ? (int) index[0] : -1));
    }
}
