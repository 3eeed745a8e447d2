package io.squisher.onnx.fisher.likelihood;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The most probable classes at each position of some examples, for an exact Fisher over those alone.
 *
 * @param byRank by rank, most probable first, the class at each position
 * @param neglected by position, the probability of all other classes
 */
public record TopClasses(long[][] byRank, double[] neglected) {
    /**
     * Takes them from logits; of equal ones the first class.
     *
     * @param top how many; all where there are not so many
     */
    static TopClasses of(Logits logits, int top) {
        int kept = Math.min(top, logits.classes());
        long[][] byRank = new long[kept][logits.positions()];
        double[] neglected = new double[logits.positions()];
        for (int position = 0; position < logits.positions(); position++) {
            double[] probabilities = logits.probabilities(position);
            int[] order = IntStream.range(0, logits.classes())
                    .boxed()
                    .sorted(Comparator.comparingDouble(c -> -probabilities[c]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int rank = 0; rank < kept; rank++) {
                byRank[rank][position] = order[rank];
            }
            // Of the others and not 1 - p, which would be rounding where the model is sure.
            neglected[position] = Arrays.stream(order, kept, order.length)
                    .mapToDouble(c -> probabilities[c])
                    .sum();
        }
        return new TopClasses(byRank, neglected);
    }

    /**
     * Logits of classes at positions.
     *
     * @param behind elements between those of two neighbouring classes
     */
    record Logits(double[] values, int classes, int positions, int behind) {
        double[] probabilities(int position) {
            int first = position / behind * classes * behind + position % behind;
            double[] probabilities = new double[classes];
            double largest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                probabilities[c] = values[first + c * behind];
                largest = Math.max(largest, probabilities[c]);
            }
            double total = 0;
            for (int c = 0; c < classes; c++) {
                probabilities[c] = Math.exp(probabilities[c] - largest);
                total += probabilities[c];
            }
            for (int c = 0; c < classes; c++) {
                probabilities[c] /= total;
            }
            return probabilities;
        }
    }
}
