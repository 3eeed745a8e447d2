package io.squisher.onnx.fisher;

import java.util.random.RandomGenerator;

/**
 * Uniform numbers from one of several equal parts of the unit interval. One from each part, in place of as many from the whole,
 * leave the expectation of a mean over them as it is and never raise its variance: what is left is the variance inside the
 * parts (stratified sampling with proportional allocation: Cochran, "Sampling Techniques", ch. 5). Labels that are drawn by where a uniform number
 * falls among the sums of the classes' probabilities come in about the numbers that the probabilities say.
 *
 * @param part from 0
 * @param parts how many there are
 * @param whole what draws inside the part
 */
record Stratum(long part, long parts, RandomGenerator whole) implements RandomGenerator {
    private static final double LARGEST = Math.nextDown(1.0);

    @Override
    public long nextLong() {
        return whole.nextLong();
    }

    @Override
    public double nextDouble() {
        return Math.min(LARGEST, (part + whole.nextDouble()) / parts);
    }
}
