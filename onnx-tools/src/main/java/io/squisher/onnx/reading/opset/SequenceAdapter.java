package io.squisher.onnx.reading.opset;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.opset.SequenceValue.Listed;
import io.squisher.onnx.reading.opset.SequenceValue.Stacked;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Sequences whose elements are known, which is what PyTorch's exporter makes of lists of tensors, of {@code split}, {@code
 * chunk} and {@code unbind}: the tensors take their place. All other sequences stay, and are refused where a gradient meets
 * them.
 */
final class SequenceAdapter {
    private SequenceAdapter() {}

    /** An Identity, of a sequence too. */
    static void pass(Node node, OpsetRaiser raiser) {
        if (raiser.sequence(node.input(0)).isPresent()) {
            raiser.same(node, node.output(0), node.input(0));
        } else {
            raiser.emit(node);
        }
    }

    static void empty(Node node, OpsetRaiser raiser) {
        raiser.sequence(node.output(0), new Listed(List.of()));
    }

    static void construct(Node node, OpsetRaiser raiser) {
        raiser.sequence(node.output(0), new Listed(node.inputs()));
    }

    static void insert(Node node, OpsetRaiser raiser) {
        changed(node, 2, raiser, (elements, place) -> elements.add(place.orElse(elements.size()), node.input(1)));
    }

    static void erase(Node node, OpsetRaiser raiser) {
        changed(node, 1, raiser, (elements, place) -> elements.remove((int) place.orElse(elements.size() - 1)));
    }

    private interface Change {
        void apply(List<String> elements, Optional<Integer> place);
    }

    /** A list with a change at the place that input {@code position} gives; none is the end. */
    private static void changed(Node node, int position, OpsetRaiser raiser, Change change) {
        Optional<Listed> list = listed(node, raiser);
        Optional<Long> place = node.hasInput(position)
                ? raiser.decided(node.input(position)).map(index -> index.toLongs()[0])
                : Optional.empty();
        if (list.isEmpty() || node.hasInput(position) && place.isEmpty()) {
            raiser.emit(node);
            return;
        }
        List<String> elements = new ArrayList<>(list.get().elements());
        change.apply(elements, place.map(index -> (int) (index < 0 ? index + elements.size() : index)));
        raiser.sequence(node.output(0), new Listed(elements));
    }

    private static Optional<Listed> listed(Node node, OpsetRaiser raiser) {
        return raiser.sequence(node.input(0)).filter(Listed.class::isInstance).map(Listed.class::cast);
    }

    static void length(Node node, OpsetRaiser raiser) {
        Optional<SequenceValue> sequence = raiser.sequence(node.input(0));
        if (sequence.isPresent() && sequence.get() instanceof Listed list) {
            String count = raiser.constant(
                    node, "length", Tensor.of(Shape.of(), (long) list.elements().size()));
            raiser.same(node, node.output(0), count);
        } else if (sequence.isPresent() && sequence.get() instanceof Stacked stack) {
            Attributes first = Attributes.NONE.with("start", 0).with("end", 1);
            String shape = raiser.emit(node, "Shape", List.of(stack.tensor()), first);
            List<String> inputs = List.of(shape, vector(node, raiser, "axes", 0));
            raiser.emit(new Node(node.name(), "Squeeze", "", inputs, node.outputs(), Attributes.NONE));
        } else {
            raiser.emit(node);
        }
    }

    static void at(Node node, OpsetRaiser raiser) {
        Optional<SequenceValue> sequence = raiser.sequence(node.input(0));
        Optional<Long> index = raiser.decided(node.input(1)).map(value -> value.toLongs()[0]);
        if (sequence.isPresent() && sequence.get() instanceof Stacked stack) {
            List<String> inputs = List.of(stack.tensor(), node.input(1));
            Attributes along = Attributes.NONE.with("axis", 0L);
            raiser.emit(new Node(node.name(), "Gather", "", inputs, node.outputs(), along));
        } else if (sequence.isPresent() && sequence.get() instanceof Listed list && index.isPresent()) {
            int size = list.elements().size();
            long place = index.get() < 0 ? index.get() + size : index.get();
            raiser.same(node, node.output(0), list.elements().get((int) place));
        } else {
            part(node, raiser);
        }
    }

    /** Joins along an axis that is there, or a new one. */
    static void join(Node node, OpsetRaiser raiser) {
        Optional<SequenceValue> sequence = raiser.sequence(node.input(0));
        long axis = node.attributes().integer("axis", 0);
        boolean anew = node.attributes().integer("new_axis", 0) != 0;
        if (sequence.isPresent()
                && sequence.get() instanceof Listed list
                && !list.elements().isEmpty()) {
            String axes = vector(node, raiser, "axes", axis);
            List<String> parts = anew
                    ? list.elements().stream()
                            .map(element -> raiser.emit(node, "Unsqueeze", List.of(element, axes), Attributes.NONE))
                            .toList()
                    : list.elements();
            Attributes along = Attributes.NONE.with("axis", axis);
            raiser.emit(new Node(node.name(), "Concat", "", parts, node.outputs(), along));
            return;
        }
        Optional<Integer> rank =
                sequence.filter(Stacked.class::isInstance).flatMap(stack -> raiser.rank(((Stacked) stack).tensor()));
        if (rank.isEmpty()) {
            raiser.emit(node);
            return;
        }
        String stack = ((Stacked) sequence.get()).tensor();
        int place = (int) (axis < 0 ? axis + rank.get() - (anew ? 0 : 1) : axis);
        String moved = place == 0
                ? stack
                : raiser.emit(
                        node, "Transpose", List.of(stack), Attributes.NONE.with("perm", firstTo(place, rank.get())));
        raiser.same(node, node.output(0), anew ? moved : merged(node, raiser, moved, place));
    }

    private static long[] firstTo(int place, int rank) {
        List<Long> order = new ArrayList<>(LongStream.range(1, rank).boxed().toList());
        order.add(place, 0L);
        return order.stream().mapToLong(Long::longValue).toArray();
    }

    /** Makes one axis of axis {@code place} and the next. */
    private static String merged(Node node, OpsetRaiser raiser, String x, int place) {
        List<String> sizes = new ArrayList<>();
        if (place > 0) {
            sizes.add(raiser.emit(node, "Shape", List.of(x), Attributes.NONE.with("end", place)));
        }
        sizes.add(vector(node, raiser, "merged", -1));
        sizes.add(raiser.emit(node, "Shape", List.of(x), Attributes.NONE.with("start", place + 2L)));
        String shape = raiser.emit(node, "Concat", sizes, Attributes.NONE.with("axis", 0L));
        return raiser.emit(node, "Reshape", List.of(x, shape), Attributes.NONE);
    }

    /** Slices of size one that lose their axis are rows of the tensor with that axis in front. */
    static void split(Node node, OpsetRaiser raiser) {
        Optional<Integer> rank = raiser.rank(node.input(0));
        if (keeps(node, raiser) || rank.isEmpty()) {
            raiser.emit(node);
            return;
        }
        long axis = node.attributes().integer("axis", 0);
        int place = (int) (axis < 0 ? axis + rank.get() : axis);
        List<Long> order =
                new ArrayList<>(LongStream.range(0, rank.get()).boxed().toList());
        order.add(0, order.remove(place));
        long[] perm = order.stream().mapToLong(Long::longValue).toArray();
        String stack = place == 0
                ? node.input(0)
                : raiser.emit(node, "Transpose", List.of(node.input(0)), Attributes.NONE.with("perm", perm));
        raiser.sequence(node.output(0), new Stacked(stack));
    }

    /** Whether parts keep the axis; ONNX Runtime drops it from parts of size 1, too, which is how PyTorch writes unbind. */
    private static boolean keeps(Node split, OpsetRaiser raiser) {
        boolean ones = !split.hasInput(1)
                || raiser.stored(split.input(1))
                        .filter(size -> size.shape().rank() == 0 && size.toLongs()[0] == 1)
                        .isPresent();
        return !ones || split.attributes().integer("keepdims", 1) != 0;
    }

    /** A part of a tensor that SplitToSequence takes apart. */
    private static void part(Node node, OpsetRaiser raiser) {
        Optional<Node> split =
                raiser.producer(node.input(0)).filter(made -> made.op().equals("SplitToSequence"));
        Optional<Tensor> index = raiser.stored(node.input(1));
        Optional<long[]> range = split.isPresent() && index.isPresent()
                ? range(split.get(), index.get().toLongs()[0], raiser)
                : Optional.empty();
        if (range.isEmpty()) {
            raiser.emit(node);
            return;
        }
        long axis = split.get().attributes().integer("axis", 0);
        boolean keeps = keeps(split.get(), raiser);
        String from = vector(node, raiser, "from", range.get()[0]);
        String x = split.get().input(0);
        if (keeps) {
            String to = vector(node, raiser, "to", range.get()[1]);
            List<String> inputs = List.of(x, from, to, vector(node, raiser, "axes", axis));
            raiser.emit(new Node(node.name(), "Slice", "", inputs, node.outputs(), Attributes.NONE));
        } else {
            String number = raiser.constant(node, "number", Tensor.of(Shape.of(), range.get()[0]));
            Attributes along = Attributes.NONE.with("axis", axis);
            raiser.emit(new Node(node.name(), "Gather", "", List.of(x, number), node.outputs(), along));
        }
    }

    /** Where the part begins and ends; empty where that depends on the size of the whole. */
    private static Optional<long[]> range(Node split, long index, OpsetRaiser raiser) {
        if (!split.hasInput(1)) {
            return index < 0 ? Optional.empty() : Optional.of(new long[] {index, index + 1});
        }
        Optional<Tensor> sizes = raiser.stored(split.input(1));
        if (sizes.isEmpty() || sizes.get().shape().rank() == 0 && index < 0) {
            return Optional.empty();
        }
        long[] parts = sizes.get().toLongs();
        if (sizes.get().shape().rank() == 0) {
            return Optional.of(new long[] {index * parts[0], (index + 1) * parts[0]});
        }
        long part = index < 0 ? index + parts.length : index;
        long from = 0;
        for (int i = 0; i < part; i++) {
            from += parts[i];
        }
        return Optional.of(new long[] {from, from + parts[(int) part]});
    }

    private static String vector(Node node, OpsetRaiser raiser, String role, long value) {
        return raiser.constant(node, role, Tensor.of(Shape.of(1), value));
    }
}
