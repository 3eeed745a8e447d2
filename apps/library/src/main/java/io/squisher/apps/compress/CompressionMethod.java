package io.squisher.apps.compress;

/** How matrices are factorized, and by what their ranks are chosen. */
public enum CompressionMethod {
    /**
     * Rows, one for each input of a layer, count by the mean of their Fisher (FWSVD); ranks have the least ½ Σ F (W − A B)²
     * within the budget.
     */
    FISHER,
    /** As {@link #FISHER}, and columns, one for each output, count by the mean of theirs too. */
    TWO_SIDED,
    /** A baseline: all weights count alike, and ranks have the least Σ (W − A B)² within the budget. */
    SVD,
    /** A baseline: as {@link #SVD}, and every layer keeps the same share of its weights. */
    UNIFORM;

    /** Whether it cannot do without a Fisher. */
    public boolean needsFisher() {
        return this == FISHER || this == TWO_SIDED;
    }
}
