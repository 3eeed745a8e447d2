package io.squisher.onnx.fisher;

import java.util.Map;

/** Told how an estimation goes. */
public interface FisherListener {
    /** Told nothing. */
    FisherListener SILENT = new FisherListener() {};

    /**
     * The work is known and starts.
     *
     * @param examples to go through
     * @param passes over the graph for each example
     * @param paths by parameter, how its numbers are computed
     */
    default void started(long examples, long passes, Map<String, String> paths) {}

    /** So many examples are done. */
    default void progressed(long examples) {}
}
