package io.squisher.examples.reproduce.setting;

import io.squisher.examples.data.Split;

/** A data set of square images. */
public interface ImageSource {
    /** What it is called in reports. */
    String name();

    /** Height and width in pixels. */
    int side();

    int classes();

    /**
     * Images to train on, to choose by, and to report on.
     *
     * @param seed fixes which
     */
    Split split(long seed);

    default int pixels() {
        return side() * side();
    }
}
