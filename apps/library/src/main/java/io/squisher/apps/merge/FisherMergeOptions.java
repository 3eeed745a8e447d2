package io.squisher.apps.merge;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherScale;

/**
 * The variants of Fisher merging that are in use.
 *
 * @param floor which Fishers are kept from vanishing, and how
 * @param floorValue the floor, in units of the Fisher before normalisation; above 0
 * @param normalization whether each model's Fisher is divided by a norm
 * @param scale how accumulators become Fishers
 */
public record FisherMergeOptions(Floor floor, double floorValue, Normalization normalization, FisherScale scale) {
    /** The floor of the reference implementation and its descendants. */
    public static final double DEFAULT_FLOOR = 1e-6;

    /** The formula alone: no floor, no normalisation. */
    public static final FisherMergeOptions PLAIN =
            new FisherMergeOptions(Floor.NONE, DEFAULT_FLOOR, Normalization.NONE, FisherScale.BATCH_IF_KNOWN);

    public FisherMergeOptions {
        if (!(floorValue > 0) || Double.isInfinite(floorValue)) {
            throw new SquisherException("the floor is a number above 0, not " + floorValue);
        }
    }

    /** Where small Fishers are raised. */
    public enum Floor {
        /** Nowhere: where all Fishers are 0 the plain weighted average is taken. */
        NONE,
        /** max(F, floor) for the first model only, whose value then wins where all are 0 (Matena and Raffel's default). */
        TARGET,
        /** max(F, floor) for every model. */
        ALL,
        /** F + floor for every model (FusionBench, MergeLM). */
        ADD
    }

    /** What each model's Fisher is divided by. */
    public enum Normalization {
        /** Nothing: a model with a larger Fisher weighs more. */
        NONE,
        /** The L2 norm of the model's Fisher over all merged tensors. */
        L2
    }
}
