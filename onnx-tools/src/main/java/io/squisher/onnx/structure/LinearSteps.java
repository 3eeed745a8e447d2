package io.squisher.onnx.structure;

import io.squisher.Counted;
import io.squisher.onnx.graph.Node;
import java.util.Optional;

/** Layers with weights: channels end in them, and new ones start. */
final class LinearSteps {
    private final Trace trace;

    LinearSteps(Trace trace) {
        this.trace = trace;
    }

    /** Conv: weights [out, in / group, …], data [N, channels, …]. */
    void convolution(Node node) {
        Optional<Place> input = trace.place(node.input(0));
        long groups = node.attributes().integer("group", 1);
        Optional<Trace.Weight> weight =
                trace.weight(node.input(1)).filter(found -> !found.transposed() && found.shape().length > 2);
        if (weight.isEmpty()) {
            trace.refuse(node, "has weights that are computed or used twice");
            return;
        }
        long[] shape = weight.get().shape();
        int channels = 1 - shape.length;
        if (groups == 1) {
            input.ifPresent(place -> read(place, node, weight.get(), 1, channels));
            start(node, weight.get(), 0, channels);
        } else if (groups == shape[0] && shape[1] == 1 && input.isPresent()) {
            depthwise(node, input.get(), weight.get());
        } else {
            trace.refuse(node, "has " + Counted.of(groups, "group"));
        }
    }

    /** Each channel has a filter of its own, which goes with it. */
    private void depthwise(Node node, Place place, Trace.Weight weight) {
        Space space = place.space();
        if (weight.shape()[0] != space.size() || place.axis() != 1 - weight.shape().length) {
            trace.refuse(node, "does not have a filter for each channel");
            return;
        }
        space.own(weight.parameter(), 0);
        trace.ownVector(node, 2, space);
        space.edit(new GraphEdit.Groups(trace.graph.nodes().indexOf(node)));
        trace.put(node.output(0), place);
    }

    /** ConvTranspose: weights [in, out / group, …]. */
    void transposedConvolution(Node node) {
        Optional<Trace.Weight> weight =
                trace.weight(node.input(1)).filter(found -> !found.transposed() && found.shape().length > 2);
        if (weight.isEmpty() || node.attributes().integer("group", 1) != 1) {
            trace.refuse(node, "has weights that are computed, used twice, or in groups");
            return;
        }
        int channels = 1 - weight.get().shape().length;
        trace.place(node.input(0)).ifPresent(place -> read(place, node, weight.get(), 0, channels));
        start(node, weight.get(), 1, channels);
    }

    /** Gemm: A · B + C, with B the weights. */
    void gemm(Node node) {
        Optional<Trace.Weight> weight = trace.weight(node.input(1)).filter(found -> found.shape().length == 2);
        if (weight.isEmpty() || trace.place(node.input(1)).isPresent()) {
            trace.refuse(node, "multiplies with a value that is computed or used twice");
            return;
        }
        boolean columns = node.attributes().integer("transB", 0) == 0;
        // As rows of A see it, the weights are [in, out].
        int in = columns ? 0 : 1;
        boolean straight = node.attributes().integer("transA", 0) == 0;
        trace.place(node.input(0)).ifPresent(place -> read(place, node, weight.get(), in, straight ? -1 : -2));
        start(node, weight.get(), 1 - in, -1);
    }

    /** MatMul: data times weights [in, out], or two values with the same channels side by side (queries and keys). */
    void product(Node node) {
        Optional<Trace.Weight> weight = trace.weight(node.input(1)).filter(found -> found.shape().length == 2);
        Optional<Place> left = trace.place(node.input(0));
        Optional<Place> right = trace.place(node.input(1));
        if (weight.isPresent()) {
            left.ifPresent(place -> read(place, node, weight.get(), 0, -1));
            start(node, weight.get(), 1, -1);
        } else if (left.isPresent() && right.isPresent() && sideBySide(left.get(), right.get())) {
            left.get().space().join(right.get().space());
            trace.put(node.output(0), left.get());
        } else {
            trace.refuse(node, "multiplies with a value that is computed");
        }
    }

    private static boolean sideBySide(Place left, Place right) {
        return left.axis() == right.axis() && left.axis() < -2;
    }

    /** The channels of {@code place} are read by the weights along {@code axis}. */
    private void read(Place place, Node node, Trace.Weight weight, int axis, int expected) {
        Space space = place.space();
        if (place.axis() != expected || weight.size(axis) % space.size() != 0) {
            space.block(node + " reads the channels along an axis that is not theirs");
        } else {
            space.outgoing(weight.parameter(), weight.axis(axis));
        }
    }

    /** New channels, one for each index of the weights' {@code axis}. */
    private void start(Node node, Trace.Weight weight, int axis, int channels) {
        boolean convolution = weight.shape().length > 2;
        Space space = trace.start(weight.parameter(), weight.size(axis), convolution);
        space.own(weight.parameter(), weight.axis(axis));
        if (!node.op().equals("MatMul")) {
            bias(node, space);
        }
        trace.put(node.output(0), new Place(space, channels));
    }

    /** Gemm's addend may also be a number, or [1, out]. */
    private void bias(Node node, Space space) {
        Optional<long[]> shape = trace.graph.storedShape(node.input(2));
        boolean one = shape.map(dims -> java.util.Arrays.stream(dims).allMatch(dim -> dim == 1))
                .orElse(false);
        boolean row = shape.map(dims -> dims.length == 2 && dims[0] == 1 && dims[1] == space.size())
                .orElse(false);
        if (row && trace.graph.isInitializer(node.input(2)) && trace.graph.uses(node.input(2)) == 1) {
            space.own(node.input(2), 1);
        } else if (!one) {
            trace.ownVector(node, 2, space);
        }
    }
}
