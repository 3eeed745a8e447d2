package io.squisher.apps.merge;

/** What a merge does with a tensor. */
public enum Treatment {
    /** Merged by the method. */
    MERGED,
    /** Averaged whatever the method: running statistics, and excluded parameters where that was asked for. */
    AVERAGED,
    /** Taken from the first model: constants, and excluded parameters. */
    COPIED
}
