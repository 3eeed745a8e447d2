package io.squisher.onnx.fisher.logits;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Axes;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Looks at numbers that are to be logits, and refuses probabilities. For outputs of which the graph does not tell.
 *
 * <p>Classes: non-negative numbers that sum to 1 at every position. Logits do that by chance at one position at most, so
 * that a single position has to do it to float32's precision.
 *
 * <p>Yes/no: numbers within [0, 1]. Logits can all be there by chance, the fewer the easier. So the last operator has a say:
 * if it cannot give anything else (HardSigmoid, say), one number is enough; if it is a linear layer, which gives anything,
 * no count is, and the user is told; otherwise it takes {@value #ENOUGH} numbers.
 */
public final class ProbabilityGuard {
    /** Of ten logits around 0, all are positive and below 1 once in a thousand to a million models. */
    static final int ENOUGH = 10;

    private static final int EXAMPLES = 32;
    private static final double SUM_TOLERANCE = 1e-3;
    private static final double SINGLE_SUM_TOLERANCE = 1e-5;

    private final LogitOutput output;
    private final Likelihood likelihood;
    private final Consumer<String> notices;

    /** A guard of an output; {@code notices} is told where the numbers do not suffice for a refusal. */
    public ProbabilityGuard(LogitOutput output, Likelihood likelihood, Consumer<String> notices) {
        this.output = output;
        this.likelihood = likelihood;
        this.notices = notices;
    }

    /**
     * Checks the output of the first examples, where there is reason to run them.
     *
     * @param outputs gives {@code [N, …]} for a number of examples, or for fewer
     * @throws SquisherException if it holds probabilities
     */
    public void check(IntFunction<Tensor> outputs) {
        if (isNeeded()) {
            check(outputs.apply(EXAMPLES));
        }
    }

    /** Whether there is anything to look at: no mean, and no value that a softmax or sigmoid takes. */
    boolean isNeeded() {
        return !output.proven() && !(likelihood instanceof Likelihood.Gaussian);
    }

    /**
     * Checks the output of some examples.
     *
     * @param batch {@code [N, …]}
     * @throws SquisherException if it holds probabilities
     */
    public void check(Tensor batch) {
        double[] numbers = batch.toDoubles();
        if (!isNeeded() || numbers.length == 0) {
            return;
        }
        boolean within = Arrays.stream(numbers).allMatch(value -> value >= 0 && value <= 1);
        if (likelihood instanceof Likelihood.Bernoulli) {
            if (within) {
                refuseOrTell(numbers.length, "the likelihood bernoulli takes logits, " + span(numbers));
            }
            return;
        }
        int axis = likelihood instanceof Likelihood.Categorical categorical ? categorical.axis() : -1;
        axis = Axes.fromFirst(axis, batch.shape().rank());
        if (within && sumToOne(numbers, batch.shape(), axis)) {
            throw new SquisherException("the output '" + output.value() + "' holds probabilities: the "
                    + Counted.of(batch.shape().dim(axis), "class", "classes")
                    + " sum to 1 at every position; the likelihood "
                    + likelihood.name() + " takes logits" + LogitOutput.WAY_OUT);
        }
        if (within && OutputRange.of(output) == OutputRange.UNIT_INTERVAL) {
            refuseOrTell(numbers.length, "the likelihood " + likelihood.name() + " takes logits, " + span(numbers));
        }
    }

    private static String span(double[] numbers) {
        return "and all " + numbers.length + " of its numbers for the first examples lie within [0, 1]";
    }

    private void refuseOrTell(int count, String what) {
        OutputRange range = OutputRange.of(output);
        boolean enough = range == OutputRange.UNIT_INTERVAL || range == OutputRange.UNKNOWN && count >= ENOUGH;
        if (enough) {
            throw new SquisherException(
                    "the output '" + output.value() + "' seems to hold probabilities: " + what + LogitOutput.WAY_OUT);
        }
        notices.accept("the output '" + output.value() + "' might hold probabilities: " + what
                + "; if it does, name the logits with --output");
    }

    private static boolean sumToOne(double[] numbers, Shape shape, int axis) {
        int classes = Math.toIntExact(shape.dim(axis));
        int behind = 1;
        for (int i = axis + 1; i < shape.rank(); i++) {
            behind *= (int) shape.dim(i);
        }
        int positions = numbers.length / classes;
        double tolerance = positions == 1 ? SINGLE_SUM_TOLERANCE : SUM_TOLERANCE;
        for (int i = 0; i < positions; i++) {
            int start = i / behind * classes * behind + i % behind;
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += numbers[start + c * behind];
            }
            if (!(Math.abs(sum - 1) <= tolerance)) {
                return false;
            }
        }
        return classes > 1;
    }
}
