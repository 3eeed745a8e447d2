package io.squisher.examples.reproduce.text.study;

/**
 * A measured quantity of a setting.
 *
 * @param name in points, and in titles
 * @param metric what its numbers are, with the unit
 * @param axis what its points differ in, with the unit; empty where there is one place
 * @param baseline the method without a Fisher that others are compared with; empty where nothing is compared
 * @param replicate what counts as one observation
 */
public record TextPart(String name, String metric, String axis, String baseline, Replicate replicate) {
    /** What a paired test pairs by; everything else is averaged over. */
    public enum Replicate {
        SEED,
        ITEM
    }

    /** A quantity whose methods are compared seed by seed. */
    public static TextPart compared(String name, String metric, String axis, String baseline) {
        return new TextPart(name, metric, axis, baseline, Replicate.SEED);
    }

    /** A quantity without a comparison. */
    public static TextPart told(String name, String metric, String axis) {
        return new TextPart(name, metric, axis, "", Replicate.SEED);
    }

    /** Whether its methods are compared. */
    public boolean isCompared() {
        return !baseline.isEmpty();
    }
}
