package io.squisher.onnx.fisher.logits;

/** What a value would be if a softmax or sigmoid is behind it. */
enum Domain {
    PROBABILITY,
    LOG_PROBABILITY
}
