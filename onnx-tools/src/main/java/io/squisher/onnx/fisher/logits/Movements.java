package io.squisher.onnx.fisher.logits;

import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Nodes that move elements without changing them. Where the likelihood has classes, their axis is followed: all of a
 * position's classes must stay together, or the output is no rearranged softmax.
 */
final class Movements {
    private static final String TAKES_PART = " takes a part of the classes";

    /** Finds the place before a node. */
    private interface Rule {
        Place before(Node node, Place place, TensorShape in, TensorShape out);
    }

    private final GraphFacts facts;
    private final Map<String, Rule> rules = new HashMap<>();

    Movements(GraphFacts facts) {
        this.facts = facts;
        List.of("Reshape", "Flatten", "Squeeze", "Unsqueeze").forEach(op -> rules.put(op, Movements::reshaped));
        List.of("Slice", "Split", "Tile", "ReverseSequence").forEach(op -> rules.put(op, Movements::resized));
        List.of("GatherElements", "GatherND", "DepthToSpace", "SpaceToDepth")
                .forEach(
                        op -> rules.put(op, (node, place, in, out) -> place.losing(node + " takes the classes apart")));
        rules.put("Transpose", Movements::transposed);
        rules.put("Expand", Movements::expanded);
        rules.put("Gather", this::gathered);
    }

    /** The way through {@code node}, if it moves elements alone. */
    Optional<Passage> through(Node node, Place place) {
        if (node.op().equals("Concat")) {
            return Optional.of(concatenated(node, place.at(node.output(0))));
        }
        Rule rule = node.op().startsWith("Reduce") && reducesOnes(node) ? Movements::reshaped : rules.get(node.op());
        if (rule == null) {
            return Optional.empty();
        }
        Place before = place.at(node.input(0));
        // Once the classes are apart, no axis is theirs.
        if (place.hasClasses() && place.isExact()) {
            before = rule.before(node, before, facts.shape(node.input(0)), facts.shape(place.value()));
        }
        return Optional.of(Passage.moving(before));
    }

    /** Of single elements the sum, the mean and the extremes are the elements themselves. */
    private boolean reducesOnes(Node node) {
        boolean plain = List.of("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd")
                .contains(node.op());
        TensorShape in = facts.shape(node.input(0));
        TensorShape out = facts.shape(node.output(0));
        return plain && in.sizePerExample() == out.sizePerExample() && in.hasExamples() == out.hasExamples();
    }

    /** Elements keep their order: the classes stay an axis if as many elements lie between one and the next. */
    private static Place reshaped(Node node, Place place, TensorShape in, TensorShape out) {
        int axis = place.axis();
        for (int i = 0; i < in.rank(); i++) {
            TensorShape behind = in.slice(i + 1, in.rank());
            TensorShape behindClasses = out.slice(axis + 1, out.rank());
            if (in.dim(i).equals(out.dim(axis))
                    && behind.sizePerExample() == behindClasses.sizePerExample()
                    && behind.hasExamples() == behindClasses.hasExamples()) {
                return place.withAxis(i);
            }
        }
        return place.losing(node + " merges or splits the axis of the classes");
    }

    private static Place resized(Node node, Place place, TensorShape in, TensorShape out) {
        return in.dim(place.axis()).equals(out.dim(place.axis())) ? place : place.losing(node + TAKES_PART);
    }

    private static Place transposed(Node node, Place place, TensorShape in, TensorShape out) {
        return place.withAxis(Axes.permutation(node.attributes(), in.rank())[place.axis()]);
    }

    private static Place expanded(Node node, Place place, TensorShape in, TensorShape out) {
        int axis = place.axis() - (out.rank() - in.rank());
        return axis >= 0 && in.dim(axis).equals(out.dim(place.axis()))
                ? place.withAxis(axis)
                : place.losing(node + " repeats classes");
    }

    private Place gathered(Node node, Place place, TensorShape in, TensorShape out) {
        int axis = (int) node.attributes().integer("axis", 0);
        int from = Axes.fromFirst(axis, in.rank());
        int indices = out.rank() - in.rank() + 1;
        if (place.axis() < from) {
            return place;
        }
        if (place.axis() >= from + indices) {
            return place.withAxis(place.axis() - indices + 1);
        }
        boolean permutes = indices == 1
                && facts.stored(node.input(1))
                        .filter(tensor -> isPermutation(tensor, in.size(from)))
                        .isPresent();
        return permutes ? place : place.losing(node + TAKES_PART);
    }

    private static boolean isPermutation(Tensor indices, long size) {
        long[] sorted = Arrays.stream(indices.toLongs())
                .map(index -> index < 0 ? index + size : index)
                .sorted()
                .toArray();
        return Arrays.equals(
                sorted, IntStream.range(0, (int) size).asLongStream().toArray());
    }

    private Passage concatenated(Node node, Place place) {
        int axis = (int) node.attributes().integer("axis", 0);
        int along = Axes.fromFirst(axis, facts.shape(node.output(0)).rank());
        boolean apart =
                place.hasClasses() && along == place.axis() && node.inputs().size() > 1;
        Place before = apart ? place.losing(node + " puts classes together") : place;
        return new Passage(
                node.inputs().stream().map(before::at).toList(),
                IntStream.range(0, node.inputs().size()).boxed().toList(),
                true);
    }
}
