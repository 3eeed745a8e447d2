package io.squisher.checkpoint;

import io.squisher.proto.Accumulator;
import io.squisher.tensor.ConstantTensors;
import io.squisher.tensor.Tensor;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalDouble;

/** Recognises accumulators that still hold what their optimizer started them with: they have seen no gradient. */
public final class StartValue {
    private StartValue() {}

    /**
     * The start value that fills all of {@code accumulators}.
     *
     * @param facts the optimizer, and its initial value where that is known
     * @return empty where a value differs; reading ends there, so the accumulators of a training cost little
     */
    public static Optional<Double> in(Accumulator facts, Collection<Tensor> accumulators) {
        OptionalDouble only = ConstantTensors.value(accumulators);
        return OptimizerFamily.starts(facts).stream()
                .filter(start -> only.isPresent() && isSame(start, only.getAsDouble()))
                .findFirst();
    }

    /** A start value goes through the accumulator's type: 0.1 becomes 0.10000000149 in float32, 0.1001 in bfloat16. */
    private static boolean isSame(double start, double stored) {
        return Math.abs(stored - start) <= Math.abs(start) / 256;
    }

    /** What to tell the user: the accumulators hold {@code value} alone. */
    public static String sentence(Accumulator facts, double value) {
        String number = value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
        return "every accumulator holds " + number + " alone, which " + facts.getOptimizer()
                + " starts from: it was saved before the first step, or no gradient ever reached a parameter; save it after"
                + " some training";
    }
}
