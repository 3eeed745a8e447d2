package io.squisher.examples.reproduce.text.unit;

/**
 * How fast a machine is.
 *
 * @param trained seconds for a text in a step of training
 * @param squared seconds for a text of a Fisher
 * @param scored seconds for a text to classify
 * @param written seconds for a file of a model's size
 */
public record Pace(double trained, double squared, double scored, double written) {
    /** Seconds for some work. */
    public double seconds(Work work) {
        return trained * work.trained() + squared * work.squared() + scored * work.scored() + written * work.written();
    }
}
