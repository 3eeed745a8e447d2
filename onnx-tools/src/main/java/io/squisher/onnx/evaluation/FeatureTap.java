package io.squisher.onnx.evaluation;

import io.squisher.onnx.fisher.logits.LogitOutput;
import io.squisher.onnx.graph.Graph;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes what the last layer gets. */
final class FeatureTap implements OutputTap {
    private Optional<LinearEnd> end = Optional.empty();
    private double[] features = {};
    private int width;
    private long from;

    @Override
    public boolean wants(LogitOutput logits) {
        // Behind an axis of positions the layer meets an example several times.
        boolean flat = logits.values().shape(logits.value()).rank() == 2;
        Graph graph = logits.values().graph();
        // What is fed is no output of a graph.
        end = flat
                ? LinearEnd.of(graph, logits.value())
                        .filter(found -> graph.producers().containsKey(found.features()))
                : Optional.empty();
        return end.isPresent();
    }

    @Override
    public Set<String> values() {
        return Set.of(end.orElseThrow().features());
    }

    @Override
    public void take(long first, Map<String, Tensor> results) {
        Tensor batch = results.get(end.orElseThrow().features());
        features = batch.toDoubles();
        width = (int) batch.shape().dim(1);
        from = first;
    }

    /** The features of an example of the last batch. */
    double[] of(long example) {
        int at = (int) (example - from) * width;
        return Arrays.copyOfRange(features, at, at + width);
    }

    /** The layer, where there is one. */
    Optional<LinearEnd> end() {
        return end;
    }
}
