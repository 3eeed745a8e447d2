package io.squisher.onnx.evaluation;

import io.squisher.onnx.fisher.logits.LogitOutput;
import io.squisher.tensor.Tensor;
import java.util.Map;
import java.util.Set;

/** Takes other values of a graph on the way to its output. */
interface OutputTap {
    /** Takes nothing. */
    OutputTap NONE = new OutputTap() {
        @Override
        public boolean wants(LogitOutput logits) {
            return true;
        }

        @Override
        public Set<String> values() {
            return Set.of();
        }

        @Override
        public void take(long from, Map<String, Tensor> results) {}
    };

    /** Looks at the graph, and says whether it is worth running. */
    boolean wants(LogitOutput logits);

    /** The values that it takes, once it has looked. */
    Set<String> values();

    /**
     * Takes those of a batch, before its outputs are looked at.
     *
     * @param from the first example of the batch
     */
    void take(long from, Map<String, Tensor> results);
}
