package io.squisher.onnx.structure;

import io.squisher.onnx.graph.Node;
import java.util.Optional;

/** Operators that leave channels where they are. */
final class ElementwiseSteps {
    private final Trace trace;

    ElementwiseSteps(Trace trace) {
        this.trace = trace;
    }

    /** An operator that looks at its first input alone. */
    void keep(Node node) {
        Place place = trace.place(node.input(0)).orElse(null);
        boolean elsewhere = node.inputs().stream().skip(1).anyMatch(input -> trace.place(input)
                .isPresent());
        if (place == null || elsewhere) {
            trace.refuse(node, "takes the channels as a setting");
        } else {
            trace.put(node.output(0), place);
        }
    }

    /** An elementwise operator on inputs that are broadcast to each other. */
    void broadcast(Node node) {
        Place place = trace.inputs(node).get(0);
        for (String input : node.inputs()) {
            Optional<Place> other = trace.place(input);
            if (other.isPresent() && other.get().axis() != place.axis()) {
                trace.refuse(node, "meets the channels along different axes");
                return;
            }
            if (other.isPresent()) {
                place.space().join(other.get().space());
            } else if (!input.isEmpty()) {
                joinOther(node, input, place);
            }
        }
        trace.put(node.output(0), place);
    }

    /** An input without channels: it must be the same for all of them, or a parameter with an element for each. */
    private void joinOther(Node node, String input, Place place) {
        Space space = place.space();
        long[] shape = trace.shapes.of(input).orElse(null);
        if (shape == null) {
            space.block(node + " adds or multiplies '" + input + "', whose shape is not known");
            return;
        }
        int axis = shape.length + place.axis();
        if (axis < 0 || shape[axis] == 1) {
            return;
        }
        boolean parameter = trace.graph.isInitializer(input) && trace.graph.uses(input) == 1;
        if (parameter && shape[axis] == space.size()) {
            space.own(input, axis);
        } else {
            space.block(node + " adds or multiplies '" + input + "', which has values for each channel but no"
                    + " parameters of its own for them");
        }
    }

    /** BatchNormalization and InstanceNormalization: a scale, a shift and statistics for each channel of axis 1. */
    void normalization(Node node) {
        Place place = trace.place(node.input(0)).orElse(null);
        int rank = place == null ? -1 : trace.rank(node.input(0));
        if (place == null || rank < 0 || place.axis() != 1 - rank) {
            trace.refuse(node, "normalises along an axis that is not the channels'");
            return;
        }
        for (int input = 1; input < node.inputs().size(); input++) {
            trace.ownVector(node, input, place.space());
        }
        trace.put(node.output(0), place);
    }

    /** Softmax, whose axis and all behind it must not be the channels'. */
    void softmax(Node node) {
        Place place = trace.place(node.input(0)).orElse(null);
        int rank = trace.rank(node.input(0));
        long axis = node.attributes().integer("axis", -1);
        boolean known = axis < 0 || rank >= 0;
        long fromEnd = axis < 0 ? axis : axis - rank;
        if (place == null || !known || place.axis() >= fromEnd) {
            trace.refuse(node, "mixes the channels");
        } else {
            trace.put(node.output(0), place);
        }
    }

    /** Pooling: windows over the axes behind the channels. */
    void pool(Node node) {
        Place place = trace.place(node.input(0)).orElse(null);
        int rank = trace.rank(node.input(0));
        if (place == null || rank < 0 || place.axis() != 1 - rank) {
            trace.refuse(node, "pools over the channels");
        } else {
            trace.put(node.output(0), place);
        }
    }
}
