package io.squisher.examples.reproduce.setting;

/**
 * How the Squisher and the empirical Fisher of one tensor agree.
 *
 * @param rankCorrelation Spearman's, −1 to 1
 * @param topOverlap share of the Fisher's largest tenth that is among the Squisher's, 0 to 1
 * @param ratio Squisher over Fisher, the Squisher being B·v̂
 */
public record LayerAgreement(String layer, double rankCorrelation, double topOverlap, double ratio) {
    /** The row of all tensors together. */
    public static final String ALL = "all";

    public LayerAgreement renamed(String name) {
        return new LayerAgreement(name, rankCorrelation, topOverlap, ratio);
    }
}
