package io.squisher.apps.ewc;

import io.squisher.SquisherException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What somebody's λ multiplies. The penalty here is λ/2 Σ F (θ − θ*)² with F a mean over examples, as in Kirkpatrick et
 * al. and van de Ven's code.
 *
 * @param half whether the ½ stands in the formula (Avalanche has none)
 * @param fisher what F is
 */
public record LambdaConvention(boolean half, FisherUnit fisher) {
    /** The convention here. */
    public static final LambdaConvention OURS = new LambdaConvention(true, FisherUnit.MEAN);

    /** Sizes of a Fisher relative to the mean over examples. */
    public enum FisherUnit {
        /** Mean over N examples. */
        MEAN,
        /** Sum over N examples: N times the mean. */
        SUM,
        /** Squares of gradients of batch means, as an accumulator holds them: about 1/B of the mean. */
        BATCHED
    }

    /** Every convention, ours first. */
    public static List<LambdaConvention> all() {
        return Arrays.stream(FisherUnit.values())
                .flatMap(unit -> Stream.of(new LambdaConvention(true, unit), new LambdaConvention(false, unit)))
                .toList();
    }

    /**
     * The convention of a name: {@code half-mean}, {@code mean}, {@code half-sum}, {@code sum}, {@code half-batched} or
     * {@code batched}.
     *
     * @throws SquisherException for any other name
     */
    public static LambdaConvention parse(String name) {
        return all().stream()
                .filter(convention -> convention.toString().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new SquisherException("a convention of lambda is one of " + all() + ", not '" + name + "'"));
    }

    /** Whether lambda can be converted with what is known. */
    public boolean isKnown(long examples, long batch) {
        return fisher == FisherUnit.MEAN || (fisher == FisherUnit.SUM ? examples : batch) > 0;
    }

    /** Its name on command lines. */
    @Override
    public String toString() {
        return (half ? "half-" : "") + fisher.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The λ that gives the same penalty in this convention as {@code lambda} in ours.
     *
     * @param examples N, needed for sums
     * @param batch B, needed for batched Fishers
     */
    public double fromOurs(double lambda, long examples, long batch) {
        return lambda * (half ? 1 : 0.5) / unit(examples, batch);
    }

    /** The λ in our convention that gives the same penalty as {@code lambda} in this one. */
    public double toOurs(double lambda, long examples, long batch) {
        return lambda * (half ? 1 : 2) * unit(examples, batch);
    }

    /** How large this convention's Fisher is in units of the mean. */
    private double unit(long examples, long batch) {
        return switch (fisher) {
            case MEAN -> 1;
            case SUM -> positive(examples, "number of examples");
            case BATCHED -> 1.0 / positive(batch, "batch size");
        };
    }

    private static long positive(long count, String what) {
        if (count <= 0) {
            throw new SquisherException("this convention of lambda needs the " + what);
        }
        return count;
    }
}
