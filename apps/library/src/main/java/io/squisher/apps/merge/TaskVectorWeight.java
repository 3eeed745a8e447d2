package io.squisher.apps.merge;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.DoubleAdder;

/**
 * How much all task vectors of a merge weigh together: 1 in an average, the number of models where they are added. The mean over the
 * parameters, each counted by how far it moved, Σ|θ_i − θ_0|. It is known once the merged tensors have been read, for those that
 * have; reading all of them again does not change it.
 */
public final class TaskVectorWeight {
    /** Above it, task vectors are added rather than averaged. */
    private static final double MUCH = 1.5;

    private static final MathContext DIGITS = new MathContext(9);

    private final int models;
    private final DoubleAdder weighted = new DoubleAdder();
    private final DoubleAdder moved = new DoubleAdder();

    TaskVectorWeight(int models) {
        this.models = models;
    }

    /**
     * Adds some parameters.
     *
     * @param weighted the sum of their weights, each times how far the parameter moved
     * @param moved how far they moved
     */
    void add(double weighted, double moved) {
        this.weighted.add(weighted);
        this.moved.add(moved);
    }

    /**
     * The mean over the parameters that were read, in nine digits: tensors are read in any order, which decides the last ones. Empty
     * before, and where none moved.
     */
    public OptionalDouble mean() {
        double mean = weighted.sum() / moved.sum();
        return Double.isFinite(mean)
                ? OptionalDouble.of(BigDecimal.valueOf(mean).round(DIGITS).doubleValue())
                : OptionalDouble.empty();
    }

    /** A complete line for the user, where the task vectors overshoot. */
    public Optional<String> warning() {
        double mean = mean().orElse(1);
        return mean <= MUCH
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "the %d task vectors weigh %.2f together, where those of an average weigh 1; --alpha %.3g, one over the"
                                + " number of models, makes them weigh 1 (docs/when-it-works.md)",
                        models,
                        mean,
                        1.0 / models));
    }

    /** The mean, for whoever looks at a value. */
    @Override
    public String toString() {
        return "weight of " + models + " task vectors: "
                + (mean().isPresent() ? Double.toString(mean().getAsDouble()) : "not known yet");
    }
}
