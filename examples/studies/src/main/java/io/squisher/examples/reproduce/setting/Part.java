package io.squisher.examples.reproduce.setting;

/**
 * One measured quantity of a setting.
 *
 * @param name what it is, for titles
 * @param metric what its numbers are, with the unit
 * @param axis what its points differ in, with the unit; empty where there is one point for each method
 * @param isCompared whether its methods are compared with the baseline, as answers are, and choices are not
 */
public record Part(String name, String metric, String axis, boolean isCompared) {
    /** An answer along an axis. */
    public Part(String name, String metric, String axis) {
        this(name, metric, axis, true);
    }

    /** An answer with one point for each method. */
    public Part(String name, String metric) {
        this(name, metric, "");
    }

    /** Something that explains an answer. */
    public static Part told(String name, String metric, String axis) {
        return new Part(name, metric, axis, false);
    }
}
