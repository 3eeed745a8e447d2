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

    /** What stands between {@link #ALL} and which model it is of, where there are several. */
    public static final String OF = ", ";

    /** Whether it is of all tensors of a model together. */
    public boolean isOfWholeModel() {
        return layer.equals(ALL) || layer.startsWith(ALL + OF);
    }

    public LayerAgreement renamed(String name) {
        return new LayerAgreement(name, rankCorrelation, topOverlap, ratio);
    }
}
