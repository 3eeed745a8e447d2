package io.squisher.examples.reproduce.setting;

/**
 * A number that a run measured.
 *
 * @param part the {@link Part#name()} that it belongs to
 * @param x place on the part's axis; 0 where it has none
 */
public record Point(String part, String method, double x, double value) {
    public Point(String part, String method, double value) {
        this(part, method, 0, value);
    }
}
