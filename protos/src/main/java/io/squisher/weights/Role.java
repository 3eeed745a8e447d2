package io.squisher.weights;

/** What a tensor of a model is for. */
public enum Role {
    /** Trained by gradients. */
    PARAMETER,
    /** Gathered from data: the running mean and variance of BatchNormalization. */
    STATISTIC,
    /** Neither: an epsilon, a shape, a mask. */
    CONSTANT
}
