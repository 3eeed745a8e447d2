package io.squisher.apps.topk;

import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which coordinates are selected: those whose score exceeds a threshold, and ties up to a place. A function of the score
 * and the place alone, so it can be asked piece by piece.
 */
public final class Selection {
    private final Map<String, Tensor> scores;
    private final double threshold;
    private final Map<String, Long> lastTies;

    /** A coordinate. */
    record Place(String tensor, long index) {}

    private Selection(Map<String, Tensor> scores, double threshold, Map<String, Long> lastTies) {
        this.scores = scores;
        this.threshold = threshold;
        this.lastTies = lastTies;
    }

    /** Nothing. */
    static Selection none(Map<String, Tensor> scores) {
        return new Selection(scores, Double.POSITIVE_INFINITY, Map.of());
    }

    /** All scores of at least {@code threshold}. */
    static Selection atLeast(Map<String, Tensor> scores, double threshold) {
        Map<String, Long> all = new HashMap<>();
        scores.keySet().forEach(name -> all.put(name, Long.MAX_VALUE));
        return new Selection(scores, threshold, all);
    }

    /** All scores above {@code threshold}, and those that equal it up to and including {@code last}. */
    static Selection upTo(Map<String, Tensor> scores, double threshold, Place last) {
        Map<String, Long> lastTies = new HashMap<>();
        for (String name : scores.keySet()) {
            if (name.equals(last.tensor)) {
                lastTies.put(name, last.index);
                break;
            }
            lastTies.put(name, Long.MAX_VALUE);
        }
        return new Selection(scores, threshold, lastTies);
    }

    /** No selected score is smaller, no other is larger; infinite if nothing is selected. */
    public double threshold() {
        return threshold;
    }

    /** 1 where a coordinate of this tensor is selected, else 0; computed as it is read. */
    public Tensor keep(String name) {
        Tensor score = scores.get(name);
        long lastTie = lastTies.getOrDefault(name, -1L);
        TensorSpec spec = new TensorSpec(ElementType.U8, score.shape());
        return new ComputedTensor(spec, List.of(score), (start, count, inputs, output) -> {
            for (int i = 0; i < count; i++) {
                double value = inputs[0][i];
                output[i] = value > threshold || value == threshold && start + i <= lastTie ? 1 : 0;
            }
        });
    }
}
