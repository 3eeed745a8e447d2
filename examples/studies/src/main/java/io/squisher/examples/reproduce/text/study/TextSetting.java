package io.squisher.examples.reproduce.text.study;

import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.Unit;
import java.util.List;

/** One of the paper's settings, on texts: Fisher, Squisher and baselines under the same conditions. */
public interface TextSetting {
    /** Its name on the command line and in file names. */
    String name();

    String title();

    /** How it is done, in a sentence or two; a unit is run again where it changed. */
    String words();

    /** What the paper found on its models. */
    String paper();

    /** How many seeds it has unless told otherwise. */
    int seeds();

    /** What it measures, the paper's quantity first. */
    List<TextPart> parts();

    /** Quantities from one task, the method of a point, to another, its item; shown as a matrix. */
    default List<TextPart> matrices() {
        return List.of();
    }

    /** The tasks whose fine-tuned models its units take. */
    List<TextTask> tuned(TextStudy study);

    /** What is measured with a seed. */
    List<Unit> units(TextStudy study, long seed);
}
