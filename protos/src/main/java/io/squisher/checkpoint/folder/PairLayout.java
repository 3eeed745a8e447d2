package io.squisher.checkpoint.folder;

import java.nio.file.Path;
import java.util.OptionalDouble;

/** The files that a pair of checkpoint and accumulators is made of, whose names begin with its prefix. */
public interface PairLayout {
    /** The ending of the file that gets its name last, and goes first: without it the others are no checkpoint to anybody. */
    String last();

    /** Whether a file belongs to a pair, by what follows the prefix in its name. */
    boolean isPart(String ending);

    /** How good the model was, as the files of a pair say it; empty where they do not, or are not there. */
    OptionalDouble metric(Path prefix);

    /**
     * Whether a pair is whole: every checksum right, and the accumulators' hash that of the checkpoint's weights.
     *
     * @throws io.squisher.SquisherException saying what is wrong
     */
    void verify(Path prefix);
}
