package io.squisher.onnx.fisher.logits;

import java.util.List;

/**
 * A node that elements pass, changed in their order at most.
 *
 * @param before the places in front of the node, one for each of its inputs that elements come from
 * @param positions of those inputs
 * @param rearranges whether the node moves elements, and has to be done to the logits too
 */
record Passage(List<Place> before, List<Integer> positions, boolean rearranges) {
    static Passage unchanged(Place before, int position) {
        return new Passage(List.of(before), List.of(position), false);
    }

    static Passage moving(Place before) {
        return new Passage(List.of(before), List.of(0), true);
    }
}
