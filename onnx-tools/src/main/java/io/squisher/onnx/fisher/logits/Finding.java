package io.squisher.onnx.fisher.logits;

import io.squisher.onnx.graph.Node;

/** What a search came to. */
sealed interface Finding {
    /** No softmax or sigmoid is behind the value, as far as it can be followed. */
    Finding NOTHING = new Nothing();

    record Nothing() implements Finding {}

    /**
     * The value follows from logits.
     *
     * @param value the logits, of the shape of what was looked at
     * @param activation the node that made probabilities of them
     */
    record Logits(String value, Node activation) implements Finding {}

    /**
     * Probabilities that cannot be taken back to the logits of the likelihood.
     *
     * @param reason what stands in the way, a clause that names its node
     * @param activation the node that made them
     */
    record Lost(String reason, Node activation) implements Finding {}
}
