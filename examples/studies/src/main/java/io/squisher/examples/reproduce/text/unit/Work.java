package io.squisher.examples.reproduce.text.unit;

/**
 * What a unit has to do.
 *
 * @param trained texts that are trained on, once for each epoch
 * @param squared texts of Fishers
 * @param scored texts that are classified, or that a head alone is trained on
 * @param written files of a model's size
 */
public record Work(double trained, double squared, double scored, double written) {
    public static final Work NONE = new Work(0, 0, 0, 0);

    public Work plus(Work other) {
        return new Work(
                trained + other.trained, squared + other.squared, scored + other.scored, written + other.written);
    }

    public Work times(double factor) {
        return new Work(trained * factor, squared * factor, scored * factor, written * factor);
    }

    public static Work training(double texts) {
        return new Work(texts, 0, 0, 2);
    }

    public static Work fisher(double texts) {
        return new Work(0, texts, 0, 1);
    }

    public static Work scoring(double texts) {
        return new Work(0, 0, texts, 0);
    }

    public static Work writing(double files) {
        return new Work(0, 0, 0, files);
    }
}
