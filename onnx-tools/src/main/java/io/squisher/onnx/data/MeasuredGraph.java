package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.runtime.FlatGathers;
import io.squisher.onnx.runtime.MixedExamplesException;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.runtime.ShapeProbe;
import io.squisher.onnx.runtime.SharedWeights;
import io.squisher.onnx.shape.GraphValues;
import java.util.Optional;

/**
 * A graph with the shapes of all values, from runs on a few examples. Where it takes no batches, it is measured on one
 * example at a time: slower, and right for whatever runs.
 *
 * @param single why it takes one example at a time; empty where it takes batches
 */
public record MeasuredGraph(GraphValues values, Optional<String> single) {
    /** Whether it takes one example at a time. */
    public boolean isSingle() {
        return single.isPresent();
    }

    /**
     * Measures the shapes.
     *
     * @param oneAtATime whether the user wants each example to be a batch of its own, so that examples that mix do not matter
     * @throws MixedExamplesException if they do
     * @throws SquisherException if the graph does not run, or was exported for batches of another size
     */
    public static MeasuredGraph of(
            BoundGraph bound, RuntimeSettings runtime, SharedWeights weights, boolean oneAtATime) {
        if (bound.unbatched().isPresent()) {
            return single(bound, bound.unbatched().get(), runtime, weights);
        }
        try {
            Graph graph = FlatGathers.withinExamples(
                    bound.graph(), bound::inputs, bound.fixesSingleExamples(), runtime, weights);
            return new MeasuredGraph(
                    ShapeProbe.measure(graph, bound::inputs, bound.output(), runtime, weights), Optional.empty());
        } catch (MixedExamplesException e) {
            if (bound.fixesSingleExamples() || oneAtATime) {
                return single(bound, "examples of a batch mix", runtime, weights);
            }
            throw e;
        } catch (SquisherException e) {
            return withoutBatches(bound, e, runtime, weights);
        }
    }

    private static MeasuredGraph withoutBatches(
            BoundGraph bound, SquisherException problem, RuntimeSettings runtime, SharedWeights weights) {
        if (bound.fixedBatch().isPresent() && !bound.fixesSingleExamples()) {
            throw new SquisherException(
                    "'" + bound.file() + "' was exported for batches of "
                            + bound.fixedBatch().getAsLong()
                            + ", and does not run on others; export it with a free batch axis (" + problem.getMessage()
                            + ")",
                    problem);
        }
        String reason = bound.fixesSingleExamples()
                ? "the model was exported for batches of 1, and does not run on others"
                : "the model does not run on batches as on single examples (" + problem.getMessage() + ")";
        try {
            return single(bound, reason, runtime, weights);
        } catch (SquisherException e) {
            throw bound.fixesSingleExamples() ? e : problem;
        }
    }

    /**
     * Measures the shapes of one example, of a graph that runs on batches.
     *
     * @param reason why its batches are of no use
     * @throws SquisherException if the graph does not run
     */
    public static MeasuredGraph ofSingleExamples(
            BoundGraph bound, String reason, RuntimeSettings runtime, SharedWeights weights) {
        return single(bound, reason, runtime, weights);
    }

    private static MeasuredGraph single(
            BoundGraph bound, String reason, RuntimeSettings runtime, SharedWeights weights) {
        GraphValues values =
                ShapeProbe.measureSingle(bound.exported(), bound::inputs, bound.output(), runtime, weights);
        runtime.notices()
                .accept(reason + "; its examples are run one at a time"
                        + (bound.unbatched().isPresent() || bound.fixesSingleExamples()
                                ? ", which an export with a free batch axis makes faster"
                                : ""));
        return new MeasuredGraph(values, Optional.of(reason));
    }
}
