package io.squisher.onnx.training;

/** How a head makes one vector of a value {@code [N, tokens, width]}. */
public enum Pooling {
    /** Not at all: the value is {@code [N, width]}. */
    NONE,
    /** The mean over the tokens that the mask has a 1 for; over all where the model takes no mask. */
    MEAN,
    /** The first token's, as BERT's classifiers do. */
    FIRST
}
