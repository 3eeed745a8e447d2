package io.squisher.apps.quantization;

import io.squisher.apps.quantization.number.Candidate;
import java.util.Arrays;

/**
 * What a format costs a tensor.
 *
 * @param bits of the tensor in this format, scales and tables included
 * @param lossByChannel ½ Σ F (w − Q(w))² of each channel; infinite where a weight is beyond the format's range
 * @param errorByChannel Σ (w − Q(w))² of each channel
 */
@SuppressWarnings("ArrayRecordComponent")
public record CandidateLoss(Candidate candidate, long bits, double[] lossByChannel, double[] errorByChannel) {
    /** ½ Σ F (w − Q(w))² of the tensor: to second order the rise of the loss. */
    public double loss() {
        return Arrays.stream(lossByChannel).sum();
    }

    /** Σ (w − Q(w))² of the tensor. */
    public double error() {
        return Arrays.stream(errorByChannel).sum();
    }

    /**
     * The loss of runs of channels.
     *
     * @param channels in a run, at least 1; the last may be shorter
     */
    public double[] lossByRows(int channels) {
        double[] rows = new double[(int) ((lossByChannel.length + (long) channels - 1) / channels)];
        for (int i = 0; i < lossByChannel.length; i++) {
            rows[i / channels] += lossByChannel[i];
        }
        return rows;
    }

    @Override
    public String toString() {
        return candidate + ": " + bits + " bits, expected loss " + loss();
    }
}
