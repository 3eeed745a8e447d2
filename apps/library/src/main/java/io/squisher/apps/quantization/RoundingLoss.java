package io.squisher.apps.quantization;

import io.squisher.apps.plan.Sensitivity;
import io.squisher.apps.quantization.number.Candidate;
import io.squisher.apps.quantization.number.Fitted;
import io.squisher.apps.quantization.number.Granularity;
import io.squisher.apps.quantization.number.Slots;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.WeightSource;
import java.util.List;

/**
 * The expected rise of the loss when weights are rounded: ½ Σ F (w − Q(w))², the second-order term of Taylor's series with the
 * Fisher for the Hessian's diagonal (LeCun et al. 1990; for formats of weights Dong et al. 2020, Kim et al. 2024). The first-order
 * term is taken for 0, as it is at a minimum. Tensors are streamed; sums are in float64, channel by channel, one candidate in
 * one thread, so that they do not depend on the number of threads.
 */
final class RoundingLoss {
    private final WeightSource model;
    private final Sensitivity sensitivity;
    private final ChannelAxes axes;

    RoundingLoss(WeightSource model, Sensitivity sensitivity, ChannelAxes axes) {
        this.model = model;
        this.sensitivity = sensitivity;
        this.axes = axes;
    }

    /** What each candidate costs a tensor. */
    TensorLosses of(String name, List<Candidate> candidates) {
        Tensor weights = model.tensor(name);
        int axis = axes.of(name, weights.shape());
        FiniteWeights.check(model, name);
        List<CandidateLoss> losses = candidates.parallelStream()
                .map(candidate -> loss(name, candidate, axis))
                .toList();
        return new TensorLosses(name, TensorSpec.of(weights), axis, losses);
    }

    private CandidateLoss loss(String name, Candidate candidate, int axis) {
        Tensor weights = model.tensor(name);
        Tensor importance = sensitivity.of(name);
        Fitted fitted = candidate.fit(weights, importance, axis);
        Slots channels = Slots.of(Granularity.CHANNEL, weights.shape(), axis);
        double[] losses = new double[channels.count()];
        double[] errors = new double[channels.count()];
        ChunkReader reader = ChunkReader.upTo(weights.size());
        int most = (int) Math.min(weights.size(), ChunkReader.DEFAULT_ELEMENTS);
        double[] values = new double[most];
        double[] rounded = new double[most];
        double[] fisher = new double[most];
        int[] channel = new int[most];
        for (long start = 0; start < weights.size(); ) {
            int count = reader.read(weights, start, values);
            read(reader, importance, start, fisher, count);
            System.arraycopy(values, 0, rounded, 0, count);
            fitted.round(start, count, rounded);
            channels.of(start, count, channel);
            for (int i = 0; i < count; i++) {
                double difference = values[i] - weights.type().round(rounded[i]);
                double square = difference * difference;
                // An infinite error costs infinitely much even where the Fisher is 0.
                losses[channel[i]] += square <= Double.MAX_VALUE ? 0.5 * fisher[i] * square : square;
                errors[channel[i]] += square;
            }
            start += count;
        }
        long bits = candidate.bits(weights.shape(), weights.type(), axis);
        return new CandidateLoss(candidate, bits, losses, errors);
    }

    private static void read(ChunkReader reader, Tensor tensor, long start, double[] into, int count) {
        for (int done = 0; done < count; ) {
            done += reader.read(tensor, start + done, into, done, count - done);
        }
    }
}
