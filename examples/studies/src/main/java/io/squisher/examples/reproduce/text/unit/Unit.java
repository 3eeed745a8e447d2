package io.squisher.examples.reproduce.text.unit;

import io.squisher.examples.reproduce.setting.Notes;
import java.nio.file.Path;
import java.util.List;

/**
 * What is measured at once, and counts as done or not.
 *
 * @param setting the setting's name
 * @param name within the setting; letters, digits and hyphens
 * @param work what it has to do, models that others have trained aside
 */
public record Unit(String setting, String name, long seed, Work work, Measurement measurement) {
    /** Measures. */
    @FunctionalInterface
    public interface Measurement {
        List<TextPoint> measure(Place place);
    }

    /**
     * What a unit is given.
     *
     * @param scratch an empty folder, removed afterwards
     * @param notes what an interrupted run of this unit has measured already
     */
    public record Place(Path scratch, Notes notes) {}

    /** What names its files. */
    public String stem() {
        return setting + "-" + name + "-seed-" + seed;
    }

    /** What it is called where it is told of. */
    public String title() {
        return setting + ", " + name + ", seed " + seed;
    }
}
