package io.squisher.onnx.fisher.logits;

import java.util.OptionalInt;

/**
 * A function of logits that was recognised.
 *
 * @param logits the value that goes in
 * @param negative whether what goes in are the logits' negatives
 * @param axis over which it normalises; empty where it goes element by element
 */
record Form(String logits, boolean negative, OptionalInt axis) {
    static Form elementwise(String logits, boolean negative) {
        return new Form(logits, negative, OptionalInt.empty());
    }

    static Form over(int axis, String logits) {
        return new Form(logits, false, OptionalInt.of(axis));
    }
}
