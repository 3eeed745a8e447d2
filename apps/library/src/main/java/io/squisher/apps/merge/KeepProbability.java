package io.squisher.apps.merge;

import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;

/**
 * The probability to keep an entry of score s: p = min(1, f + c s), where f is half of the density and c makes the density
 * the mean of p over the tensor.
 *
 * <p>Of all probabilities with one mean, those proportional to s = √F |τ| make the expected Σ F (m τ / p − τ)² smallest
 * (Wangni et al. 2018, "Gradient sparsification for communication-efficient distributed optimization", with F as the
 * metric). The floor f keeps an entry of little score from growing, when it is kept, to more than twice of what it grows to
 * in plain DARE: the second order of a loss says nothing that far away.
 *
 * @param floor f
 * @param slope c
 */
record KeepProbability(double floor, double slope) {
    /** Each pass caps more entries at 1; few distributions need more than five. */
    private static final int MOST_PASSES = 30;

    /** Finds f and c in a few passes. Where the scores above 0 do not use up the density, the others share the rest. */
    static KeepProbability of(Tensor score, double density) {
        if (density == 1) {
            return new KeepProbability(1, 0);
        }
        double size = score.size();
        double floor = density / 2;
        KeepProbability found = new KeepProbability(floor, 0);
        double capped = 0;
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            Counted counted = found.count(score);
            if (counted.sum == 0) {
                double rest = size - counted.capped;
                return new KeepProbability(
                        rest == 0 ? floor : Math.min(1, (density * size - counted.capped) / rest), found.slope);
            }
            if (pass > 0 && counted.capped == capped) {
                break;
            }
            capped = counted.capped;
            double left = density * size - capped - (size - capped) * floor;
            found = new KeepProbability(floor, left / counted.sum);
        }
        return found;
    }

    /** The probability for a score. */
    double of(double score) {
        return Math.min(1, floor + slope * score);
    }

    /** How many entries are kept in any case, and the sum of the other scores. */
    private record Counted(long capped, double sum) {}

    private Counted count(Tensor score) {
        ChunkReader reader = ChunkReader.upTo(score.size());
        double[] chunk = new double[(int) Math.max(1, Math.min(score.size(), ChunkReader.DEFAULT_ELEMENTS))];
        long capped = 0;
        double sum = 0;
        int count;
        for (long start = 0; (count = reader.read(score, start, chunk)) > 0; start += count) {
            for (int i = 0; i < count; i++) {
                if (floor + slope * chunk[i] >= 1) {
                    capped++;
                } else {
                    sum += chunk[i];
                }
            }
        }
        return new Counted(capped, sum);
    }
}
