package io.squisher.apps.quantization;

import io.squisher.tensor.TensorSpec;
import java.util.List;

/**
 * What each format costs a tensor.
 *
 * @param channelAxis where its output channels are counted
 * @param losses of the candidates, in their order
 */
public record TensorLosses(String name, TensorSpec spec, int channelAxis, List<CandidateLoss> losses) {
    public TensorLosses {
        losses = List.copyOf(losses);
    }
}
