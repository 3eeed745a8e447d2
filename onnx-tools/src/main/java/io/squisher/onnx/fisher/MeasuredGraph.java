package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.onnx.data.BoundGraph;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.runtime.ShapeProbe;
import io.squisher.onnx.shape.GraphValues;

/**
 * The second step of a plan: the graph with the shapes of all values, from runs on a few examples.
 *
 * @param single whether it takes one example at a time
 */
record MeasuredGraph(GraphValues values, boolean single) {
    /**
     * Measures the shapes. A graph of a fixed batch of one is measured as it was exported.
     *
     * @throws SquisherException if the graph does not run, or was exported for batches of another size
     */
    static MeasuredGraph of(BoundRequest request, FisherSessions sessions) {
        BoundGraph bound = request.bound();
        RuntimeSettings runtime = request.request().runtime();
        try {
            return new MeasuredGraph(
                    ShapeProbe.measure(bound.graph(), bound::inputs, bound.output(), runtime, sessions.weights()),
                    false);
        } catch (SquisherException e) {
            if (bound.fixedBatch().isEmpty()) {
                throw e;
            }
            String what =
                    "was exported for batches of " + bound.fixedBatch().getAsLong() + ", and does not run on others; ";
            if (!bound.fixesSingleExamples()) {
                throw new SquisherException(
                        "'" + request.request().model().path() + "' " + what + "export it with a free batch axis ("
                                + e.getMessage() + ")",
                        e);
            }
            runtime.notices()
                    .accept("the model " + what
                            + "its examples are run one at a time, which an export with a free batch"
                            + " axis makes faster");
            return new MeasuredGraph(
                    ShapeProbe.measureSingle(
                            bound.exported(), bound::inputs, bound.output(), runtime, sessions.weights()),
                    true);
        }
    }
}
