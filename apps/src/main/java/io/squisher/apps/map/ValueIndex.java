package io.squisher.apps.map;

import io.squisher.tensor.ConcatenatedTensor;
import io.squisher.tensor.Shape;
import io.squisher.tensor.StridedTensor;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds tensors by their values: whole, as an equal part of one (a fused projection that was split), or as several side by
 * side (projections that were fused).
 */
final class ValueIndex {
    /** Query, key and value; gates of recurrent cells. */
    private static final int[] PARTS = {2, 3, 4};

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

    /** Equal parts of sources that have the same elements as {@code wanted}, looked for only when nothing whole fits. */
    private List<Entry> parts(Tensor wanted) {
        List<Entry> parts = new ArrayList<>();
        Fingerprint fingerprint = Fingerprint.of(wanted);
        sources.forEach((name, values) -> {
            for (int count : PARTS) {
                for (int axis = 0;
                        values.size() == count * wanted.size()
                                && axis < values.shape().rank();
                        axis++) {
                    if (values.shape().dim(axis) % count == 0) {
                        parts(name, axis, count).stream()
                                .filter(part -> ofParts.computeIfAbsent(
                                                part.words(), words -> Fingerprint.of(part.values()))
                                        .equals(fingerprint))
                                .forEach(parts::add);
                    }
                }
            }
        });
        return parts;
    }

    private List<Entry> parts(String name, int axis, int count) {
        Tensor values = sources.get(name);
        long length = values.shape().dim(axis) / count;
        List<Entry> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(new Entry(
                    name,
                    name + " [part " + (i + 1) + " of " + count + ", axis " + axis + "]",
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
        Shape shape = values.shape();
        for (int axis = 0; axis < shape.rank(); axis++) {
            for (int count : PARTS) {
                if (shape.dim(axis) % count == 0 && shape.dim(axis) > count) {
                    Optional<Found> found = joined(name, values, axis, count);
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Found> joined(String name, Tensor values, int axis, int count) {
        long length = values.shape().dim(axis) / count;
        List<Found> pieces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Tensor slice = StridedTensor.slice(values, axis, i * length, length);
            Optional<Found> piece = one(whole.getOrDefault(Fingerprint.of(slice), List.of()), name, slice);
            if (piece.isEmpty()) {
                return Optional.empty();
            }
            pieces.add(piece.get());
        }
        boolean oneType =
                pieces.stream().map(piece -> piece.fisher().type()).distinct().count() == 1;
        if (!oneType) {
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
            return "no tensor has these values, though some have its size: a BatchNormalization was probably folded into"
                    + " it; export in training mode, or without constant folding";
        }
        return sameSize
                ? "no tensor has these values, though some have its size: it was trained on, rounded or computed"
                : "no tensor has its size";
    }
}
