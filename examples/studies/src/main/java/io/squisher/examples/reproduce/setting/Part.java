package io.squisher.examples.reproduce.setting;

/**
 * One measured quantity of a setting.
 *
 * @param name what it is, for titles
 * @param metric what its numbers are, with the unit
 * @param axis what its points differ in, with the unit; empty where there is one point for each method
 */
public record Part(String name, String metric, String axis) {
    public Part(String name, String metric) {
        this(name, metric, "");
    }
}
