package io.squisher.apps.taskembedding;

import java.util.List;

/** A rule that orders the tasks from which to transfer to a target. */
@FunctionalInterface
public interface SourceRanking {
    /** All other tasks, the most promising source first; ties in the order of the tasks. */
    List<String> sourcesFor(String target);
}
