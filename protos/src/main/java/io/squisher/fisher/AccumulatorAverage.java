package io.squisher.fisher;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.proto.Accumulator;
import java.util.List;

/**
 * What turns a stored accumulator into the average of squared gradients.
 *
 * @param offset what is left of its start value
 * @param factor the bias correction, or one over the steps of a running sum
 * @param unknown whether the factor could not be found
 * @param words the rule, for metadata
 */
record AccumulatorAverage(double offset, double factor, boolean unknown, String words) {
    static AccumulatorAverage of(Accumulator accumulator, String source, List<String> warnings) {
        double initial = accumulator.getInitialValue();
        if (accumulator.getBiasCorrected()) {
            return new AccumulatorAverage(0, 1, false, "bias corrected in the file");
        }
        if (!accumulator.hasStep()) {
            boolean runningSum = !accumulator.hasDecay();
            if (runningSum) {
                warnings.add(source + " holds a sum over an unknown number of steps; it is taken as it is");
            }
            return new AccumulatorAverage(runningSum ? initial : 0, 1, runningSum, "no bias correction (step unknown)");
        }
        long step = accumulator.getStep();
        if (step <= 0) {
            throw new SquisherException(source + " is an accumulator after " + Counted.of(step, "step")
                    + ": it has seen no gradient and stands for nothing");
        }
        if (!accumulator.hasDecay()) {
            return new AccumulatorAverage(initial, 1.0 / step, false, "divided by " + Counted.of(step, "step"));
        }
        double left = Math.pow(accumulator.getDecay(), step);
        return new AccumulatorAverage(
                initial * left,
                1 / (1 - left),
                false,
                "bias corrected for " + Counted.of(step, "step") + " at " + DecayText.of(accumulator.getDecay()));
    }
}
