package io.squisher.apps.compare;

import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;

/** One pass over a pair of tensors: sums, the relative error, and a sample for the ranks. */
final class PairSums {
    private static final double TINY_COORDINATE = 1e-6;
    private static final double TINY_TENSOR = 1e-14;
    private static final double ROUNDING_OF_ZERO = 1e-7;

    private final ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
    private final double[] chunkA = new double[ChunkReader.DEFAULT_ELEMENTS];
    private final double[] chunkB = new double[ChunkReader.DEFAULT_ELEMENTS];

    private final double largestOfA;
    private final double largestOfB;

    private long elements;
    private double sumA;
    private double sumB;
    private double squaresA;
    private double squaresB;
    private double products;
    private double squaresOfDifference;
    private double error;

    /**
     * Sums that are still 0.
     *
     * @param largestOfA the largest magnitude in all of A; squares are taken in this unit, lest they vanish
     */
    PairSums(double largestOfA, double largestOfB) {
        this.largestOfA = largestOfA;
        this.largestOfB = largestOfB;
    }

    /** The largest magnitude in a tensor; NaN counts as infinite. */
    static double largest(Tensor tensor) {
        double[] largest = {0};
        new ChunkReader(ChunkReader.DEFAULT_ELEMENTS).forEach(tensor, (i, value) -> {
            double magnitude = Double.isNaN(value) ? Double.POSITIVE_INFINITY : Math.abs(value);
            largest[0] = Math.max(largest[0], magnitude);
        });
        return largest[0];
    }

    /** Adds a pair of tensors of one size, giving both samples the coordinates that fall to them. */
    void add(Tensor a, Tensor b, double largestInTensor, RankSample... samples) {
        boolean zero = largestInTensor <= TINY_TENSOR * largestOfA;
        double unitA = 1 / positive(largestOfA);
        double unitB = 1 / positive(largestOfB);
        int count;
        for (long start = 0; (count = reader.read(a, start, chunkA)) > 0; start += count) {
            for (int read = 0; read < count; ) {
                read += reader.read(b, start + read, chunkB, read, count - read);
            }
            for (int i = 0; i < count; i++) {
                double valueA = chunkA[i] * unitA;
                double valueB = chunkB[i] * unitB;
                sumA += valueA;
                sumB += valueB;
                squaresA += valueA * valueA;
                squaresB += valueB * valueB;
                products += valueA * valueB;
                double difference = (chunkB[i] - chunkA[i]) * unitA;
                squaresOfDifference += difference * difference;
                double at = zero ? errorOfZero(chunkB[i]) : error(chunkA[i], chunkB[i], largestInTensor);
                error = Math.max(error, Double.isNaN(at) ? Double.POSITIVE_INFINITY : at);
            }
            for (RankSample sample : samples) {
                sample.add(chunkA, chunkB, count);
            }
        }
        elements += a.size();
    }

    private static double error(double reference, double actual, double largestInTensor) {
        double magnitude = Math.abs(reference);
        double divisor = magnitude > TINY_COORDINATE * largestInTensor ? magnitude : largestInTensor;
        return Math.abs(actual - reference) / divisor;
    }

    private double errorOfZero(double actual) {
        return Math.abs(actual) <= ROUNDING_OF_ZERO * largestOfA ? 0 : Double.POSITIVE_INFINITY;
    }

    private static double positive(double value) {
        return value > 0 ? value : 1;
    }

    Agreement agreement(RankSample sample, double topFraction) {
        RankAgreement ranks = sample.agreement(topFraction);
        return new Agreement(
                elements,
                sample.size(),
                ranks.spearman(),
                ranks.topOverlap(),
                sumB * positive(largestOfB) / (sumA * positive(largestOfA)),
                products / Math.sqrt(squaresA) / Math.sqrt(squaresB),
                error,
                Math.sqrt(squaresOfDifference / squaresA),
                Math.sqrt(squaresB / squaresA) * positive(largestOfB) / positive(largestOfA));
    }
}
