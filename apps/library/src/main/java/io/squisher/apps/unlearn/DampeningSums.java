package io.squisher.apps.unlearn;

import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;

/** One pass over a tensor and its two Fishers, which counts what dampening will do. */
final class DampeningSums {
    private final Dampening dampening;
    private final ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
    private final double[] weights = new double[ChunkReader.DEFAULT_ELEMENTS];
    private final double[] whole = new double[ChunkReader.DEFAULT_ELEMENTS];
    private final double[] forget = new double[ChunkReader.DEFAULT_ELEMENTS];

    private long dampened;
    private long unseen;
    private double factors;
    private double squares;
    private double changes;
    private double largestRatio;

    private DampeningSums(Dampening dampening) {
        this.dampening = dampening;
    }

    /** The counts of one tensor of the model. */
    static DampenedTensor of(Tensor weights, Tensor whole, Tensor forget, Dampening dampening) {
        DampeningSums sums = new DampeningSums(dampening);
        for (long start = 0; start < weights.size(); ) {
            int count = sums.reader.read(weights, start, sums.weights);
            sums.fill(whole, start, count, sums.whole);
            sums.fill(forget, start, count, sums.forget);
            sums.add(count);
            start += count;
        }
        return sums.result(weights.size());
    }

    private void fill(Tensor tensor, long start, int count, double[] target) {
        for (int done = 0; done < count; ) {
            done += reader.read(tensor, start + done, target, done, count - done);
        }
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            squares += weights[i] * weights[i];
            if (forget[i] > 0) {
                largestRatio = Math.max(largestRatio, forget[i] / whole[i]);
            }
            if (dampening.selects(whole[i], forget[i])) {
                double factor = dampening.factor(whole[i], forget[i]);
                double change = (1 - factor) * weights[i];
                dampened++;
                factors += factor;
                changes += change * change;
                if (whole[i] == 0) {
                    unseen++;
                }
            }
        }
    }

    private DampenedTensor result(long parameters) {
        return new DampenedTensor(
                parameters,
                dampened,
                dampened == 0 ? 1 : factors / dampened,
                squares == 0 ? 0 : Math.sqrt(changes / squares),
                largestRatio,
                unseen);
    }
}
