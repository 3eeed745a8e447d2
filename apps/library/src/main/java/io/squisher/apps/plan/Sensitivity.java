package io.squisher.apps.plan;

import io.squisher.SquisherException;
import io.squisher.fisher.Correction;
import io.squisher.fisher.FisherContent;
import io.squisher.fisher.FisherScale;
import io.squisher.fisher.Rescaling;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.List;
import java.util.Map;

/**
 * Brings stored entries of one diagonal to the common scale, and refuses those that no Fisher can have.
 *
 * @param fisher the diagonal as stored
 * @param rescaling what brings it to scale
 */
public record Sensitivity(NamedFisher fisher, Rescaling rescaling) {
    private static final long EXPONENT_UNIT = 1L << 52;
    private static final int FLOAT_EXPONENT_UNIT = 1 << 23;

    /**
     * The entries of {@code fisher} under a scale.
     *
     * @throws SquisherException if the scale needs a count that the provenance lacks, or an accumulator holds its start value
     */
    public static Sensitivity of(NamedFisher fisher, FisherScale scale) {
        return looked(fisher, scale.rescaling(fisher.diagonal().provenance(), fisher.label()));
    }

    /** The entries of {@code fisher} as stored. */
    public static Sensitivity asStored(NamedFisher fisher) {
        return looked(fisher, Rescaling.IDENTITY);
    }

    /** Every application comes by here: a diagonal that orders nothing is noticed by all. */
    private static Sensitivity looked(NamedFisher fisher, Rescaling rescaling) {
        FisherContent.refuseStartValues(fisher.diagonal(), fisher.label());
        List<String> warnings = FisherContent.of(fisher.diagonal()).warnings(fisher.label());
        return new Sensitivity(fisher, rescaling.withWarnings(warnings));
    }

    /** A parameter's entries, brought to scale in float64 as they are read; −0 becomes 0, whose bits sort rightly. */
    public Tensor of(String parameter) {
        Tensor diagonal = fisher.diagonal().tensor(parameter);
        TensorSpec spec = new TensorSpec(ElementType.F64, diagonal.shape());
        return new ComputedTensor(spec, List.of(diagonal), (start, count, inputs, output) -> {
            apply(parameter, start, inputs[0], count);
            for (int i = 0; i < count; i++) {
                output[i] = inputs[0][i] + 0.0;
            }
        });
    }

    /** What metadata say of the diagonal: its file and its kind. */
    public Map<String, String> variant() {
        return Map.of("fisher", fisher.fileName(), "fisher_kind", fisher.kind());
    }

    /**
     * Rescales {@code values[0..count)} in place.
     *
     * @param tensor the tensor's name
     * @param start index of the first value in the tensor
     * @throws SquisherException if a value is NaN, infinite or negative
     */
    public void apply(String tensor, long start, double[] values, int count) {
        if (mayBeRefused(values, count) && firstRefused(values, count) < count) {
            throw refused(tensor, start, values, count);
        }
        Correction correction = rescaling.of(tensor);
        double offset = correction.offset();
        double factor = correction.factor();
        if (offset != 0) {
            for (int i = 0; i < count; i++) {
                values[i] = Math.max(0, values[i] - offset);
            }
        }
        if (factor != 1) {
            for (int i = 0; i < count; i++) {
                values[i] *= factor;
            }
        }
    }

    /**
     * Whether {@link #apply} does nothing but multiply in this tensor, so that callers may take floats times
     * {@link #factor} after {@link #check}.
     */
    public boolean isFactor(String tensor) {
        return rescaling.of(tensor).offset() == 0;
    }

    /** What {@link #apply} multiplies a tensor's entries with. */
    public double factor(String tensor) {
        return rescaling.of(tensor).factor();
    }

    /**
     * Refuses what {@link #apply} refuses.
     *
     * @throws SquisherException if a value is NaN, infinite or negative
     */
    public void check(String tensor, long start, float[] values, int count) {
        int signs = 0;
        for (int i = 0; i < count; i++) {
            int bits = Float.floatToRawIntBits(values[i]);
            signs |= bits | bits + FLOAT_EXPONENT_UNIT;
        }
        if (signs < 0) {
            double[] wide = new double[count];
            for (int i = 0; i < count; i++) {
                wide[i] = values[i];
            }
            if (firstRefused(wide, count) < count) {
                throw refused(tensor, start, wide, count);
            }
        }
    }

    /**
     * Whether a value is NaN, infinite, negative, or −0. Asked of the bits, because comparisons of numbers are branches:
     * adding 1 to an exponent of ones carries into the sign.
     */
    private static boolean mayBeRefused(double[] values, int count) {
        long signs = 0;
        for (int i = 0; i < count; i++) {
            long bits = Double.doubleToRawLongBits(values[i]);
            signs |= bits | bits + EXPONENT_UNIT;
        }
        return signs < 0;
    }

    private static int firstRefused(double[] values, int count) {
        int at = 0;
        while (at < count && values[at] >= 0 && values[at] <= Double.MAX_VALUE) {
            at++;
        }
        return at;
    }

    private SquisherException refused(String tensor, long start, double[] values, int count) {
        int at = firstRefused(values, count);
        return new SquisherException("'" + fisher.label() + "': tensor '" + tensor + "' has " + values[at]
                + " at element " + (start + at) + "; the entries of a Fisher are finite and not negative");
    }
}
