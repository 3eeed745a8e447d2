package io.squisher.examples.reproduce.text.model;

import io.squisher.examples.reproduce.text.task.TaskSample;

/**
 * How large everything is.
 *
 * @param lines of each file that are looked at, the first ones
 * @param drawn how many texts a seed draws of a task, and where they are cut
 * @param fisher texts that a Fisher is of, at most
 * @param transfer texts of a target that a task is transferred to
 * @param thin whether settings leave out most places of their axes, to be tried in minutes
 */
public record TextSizes(int lines, TaskSample.Size drawn, int fisher, int transfer, boolean thin) {
    /** Those of a whole run. */
    public static final TextSizes FULL =
            new TextSizes(Integer.MAX_VALUE, new TaskSample.Size(400, 100, 240, 32), 200, 200, false);

    /** Those of a try of some minutes. */
    public static final TextSizes QUICK = new TextSizes(200, new TaskSample.Size(32, 16, 32, 16), 16, 16, true);
}
