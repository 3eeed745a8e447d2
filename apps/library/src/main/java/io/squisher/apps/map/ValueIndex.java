package io.squisher.apps.map;

import io.squisher.tensor.ConcatenatedTensor;
import io.squisher.tensor.StridedTensor;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds tensors by their values: whole, as a part of one (a fused projection that was split), or as several side by side
 * (projections that were fused).
 */
final class ValueIndex {
    /** Query, key and value; gates of recurrent cells. */
    private static final int MOST_PIECES = 4;

    /** A part begins at a multiple of its length: fewer keys and values than queries still divide the queries. */
    private static final long MOST_STARTS = 16;

    /**
     * What a tensor is made of.
     *
     * @param fisher in the layout of the tensor that was looked for
     */
    record Found(List<String> sources, String words, Tensor fisher) {}

    private record Entry(String name, String words, Tensor values, Tensor fisher) {}

    private final Map<String, Tensor> sources;
    private final Function<String, Tensor> fisher;
    private final Map<Fingerprint, List<Entry>> whole = new HashMap<>();
    private final Map<String, Fingerprint> ofParts = new HashMap<>();

    /**
     * An index over {@code sources}.
     *
     * @param fisher the Fisher of a source by name
     */
    ValueIndex(Map<String, Tensor> sources, Function<String, Tensor> fisher) {
        this.sources = sources;
        this.fisher = fisher;
        sources.forEach((name, values) -> whole.computeIfAbsent(Fingerprint.of(values), f -> new ArrayList<>())
                .add(new Entry(name, name, values, fisher.apply(name))));
    }

    /** What {@code values}, called {@code name}, is made of; empty if nothing fits or several things do. */
    Optional<Found> find(String name, Tensor values) {
        return one(whole.getOrDefault(Fingerprint.of(values), List.of()), name, values)
                .or(() -> one(parts(values), name, values))
                .or(() -> joined(name, values));
    }

    /** Parts of sources that have the same elements as {@code wanted}, looked for only when nothing whole fits. */
    private List<Entry> parts(Tensor wanted) {
        Fingerprint fingerprint = Fingerprint.of(wanted);
        List<Entry> parts = new ArrayList<>();
        if (fingerprint.constant()) {
            return parts;
        }
        sources.forEach((name, values) -> {
            for (int axis = 0; axis < values.shape().rank() && values.size() > wanted.size(); axis++) {
                long across = values.size() / values.shape().dim(axis);
                if (wanted.size() % across == 0) {
                    parts(name, axis, wanted.size() / across).stream()
                            .filter(part -> ofParts.computeIfAbsent(
                                            part.words(), words -> Fingerprint.of(part.values()))
                                    .equals(fingerprint))
                            .forEach(parts::add);
                }
            }
        });
        return parts;
    }

    /** The parts of a source that are {@code length} wide. */
    private List<Entry> parts(String name, int axis, long length) {
        Tensor values = sources.get(name);
        long count = values.shape().dim(axis) / length;
        List<Entry> parts = new ArrayList<>();
        for (long i = 0; i < count && count <= MOST_STARTS; i++) {
            boolean equal = values.shape().dim(axis) % length == 0;
            parts.add(new Entry(
                    name,
                    name + " [part "
                            + (equal ? i + 1 + " of " + count : "from " + i * length + " to " + ((i + 1) * length - 1))
                            + ", axis " + axis + "]",
                    StridedTensor.slice(values, axis, i * length, length),
                    StridedTensor.slice(fisher.apply(name), axis, i * length, length)));
        }
        return parts;
    }

    private static Optional<Found> one(List<Entry> candidates, String name, Tensor values) {
        List<Found> all = new ArrayList<>();
        for (Entry entry : candidates) {
            Optional<Layout> layout = Layout.between(entry.values(), values);
            if (layout.isPresent()) {
                String words = layout.get().words();
                Found found = new Found(
                        List.of(entry.name()),
                        entry.words() + (words.isEmpty() ? "" : " (" + words + ")"),
                        layout.get().of(entry.fisher()));
                if (entry.name().equals(name)) {
                    return Optional.of(found);
                }
                all.add(found);
            }
        }
        return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
    }

    private Optional<Found> joined(String name, Tensor values) {
        for (int axis = 0; axis < values.shape().rank(); axis++) {
            Optional<Found> found = joined(name, values, axis);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<Found> joined(String name, Tensor values, int axis) {
        long dim = values.shape().dim(axis);
        List<Long> lengths = lengths(values.size() / Math.max(1, dim), dim);
        List<Found> pieces = new ArrayList<>();
        for (long at = 0; at < dim; ) {
            Optional<Found> piece = Optional.empty();
            for (long length : lengths) {
                if (piece.isEmpty() && length <= dim - at) {
                    Tensor slice = StridedTensor.slice(values, axis, at, length);
                    piece = one(whole.getOrDefault(Fingerprint.of(slice), List.of()), name, slice);
                }
            }
            if (piece.isEmpty() || pieces.size() == MOST_PIECES) {
                return Optional.empty();
            }
            at += piece.get().fisher().shape().dim(axis);
            pieces.add(piece.get());
        }
        return joined(pieces, axis);
    }

    /** How wide sources are that are {@code across} elements the other way; widest first. */
    private List<Long> lengths(long across, long below) {
        return sources.values().stream()
                .filter(source -> across > 0 && source.size() > 0 && source.size() % across == 0)
                .map(source -> source.size() / across)
                .filter(length -> length < below)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private static Optional<Found> joined(List<Found> pieces, int axis) {
        boolean oneType =
                pieces.stream().map(piece -> piece.fisher().type()).distinct().count() == 1;
        if (pieces.isEmpty() || !oneType) {
            return Optional.empty();
        }
        return Optional.of(new Found(
                pieces.stream().flatMap(piece -> piece.sources().stream()).toList(),
                String.join(" + ", pieces.stream().map(Found::words).toList()) + " (joined along axis " + axis + ")",
                new ConcatenatedTensor(pieces.stream().map(Found::fisher).toList(), axis)));
    }

    /** Why nothing was found for {@code values}. */
    String whyNot(String name, Tensor values) {
        Fingerprint fingerprint = Fingerprint.of(values);
        List<String> same = whole.getOrDefault(fingerprint, List.of()).stream()
                .map(Entry::name)
                .toList();
        if (same.size() > 1) {
            return "several tensors have these values" + (fingerprint.constant() ? " (all are equal)" : "") + ": "
                    + String.join(", ", same.subList(0, Math.min(4, same.size())));
        }
        if (fingerprint.constant()) {
            return "all its values are equal and no tensor of its size is so";
        }
        boolean normalized = sources.keySet().stream()
                .anyMatch(source -> source.endsWith("running_mean") || source.endsWith("moving_mean"));
        boolean sameSize = sources.values().stream().anyMatch(tensor -> tensor.size() == values.size());
        if (sameSize && (normalized || name.contains("onnx::Conv"))) {
            return "no tensor has these values, though some have its size: a BatchNormalization was probably folded"
                    + " into it; export in training mode, or without constant folding";
        }
        return sameSize
                ? "no tensor has these values, though some have its size: it was trained on, rounded or computed"
                : "no tensor has its size";
    }
}
