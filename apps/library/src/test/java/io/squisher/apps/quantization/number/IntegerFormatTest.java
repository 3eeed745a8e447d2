package io.squisher.apps.quantization.number;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntegerFormatTest {
    /** Twelve normal numbers of NumPy, whose codes NumPy computed as clip(rint(w / s), -7, 7), s = float32(max|w| / 7). */
    private static final Tensor WEIGHTS = Tensor.of(
            Shape.of(3, 4),
            -0.80193144f,
            -1.3243589f,
            -0.24836162f,
            0.42044523f,
            1.1360465f,
            0.1097064f,
            -0.5526473f,
            -0.7847804f,
            0.7487458f,
            1.634783f,
            0.27276877f,
            -1.2333287f);

    private static Fitted.Scaled fitted(String candidate, Tensor weights, int axis) {
        return (Fitted.Scaled) Candidate.of(candidate).fit(weights, weights, axis);
    }

    private static double[] rounded(Fitted fitted, Tensor weights) {
        double[] values = weights.toDoubles();
        fitted.round(0, values.length, values);
        return values;
    }

    private static double[] times(double[] scales, int... codes) {
        double[] values = new double[codes.length];
        for (int i = 0; i < codes.length; i++) {
            values[i] = scales[i * scales.length / codes.length] * codes[i];
        }
        return values;
    }

    @Test
    void codesAreThoseOfNumPyWithOneScale() {
        Fitted.Scaled fitted = fitted("int4-tensor", WEIGHTS, 0);
        double[] scale = {0.23354043066501617};
        assertArrayEquals(scale, fitted.scales().scales());
        assertArrayEquals(times(scale, -3, -6, -1, 2, 5, 0, -2, -3, 3, 7, 1, -5), rounded(fitted, WEIGHTS));
    }

    @Test
    void codesAreThoseOfNumPyWithAScaleForEachRow() {
        Fitted.Scaled fitted = fitted("int4-channel", WEIGHTS, 0);
        double[] scales = {0.18919412791728973, 0.16229236125946045, 0.23354043066501617};
        assertArrayEquals(scales, fitted.scales().scales());
        assertArrayEquals(times(scales, -4, -7, -1, 2, 7, 1, -3, -5, 3, 7, 1, -5), rounded(fitted, WEIGHTS));
    }

    @Test
    void aZeroPointMovesTheRange() {
        // From -1 to 6.5: s = 0.5, z = 2. 0.25 is a tie between 0 and 0.5 and goes to the even 0; 0.75 to 1.
        Tensor weights = Tensor.of(Shape.of(1, 6), -1f, 6.5f, 0f, 0.25f, 0.75f, 2.1f);
        Fitted.Scaled fitted = fitted("int4-asymmetric-tensor", weights, 0);
        assertArrayEquals(new double[] {0.5}, fitted.scales().scales());
        assertArrayEquals(new int[] {2}, fitted.scales().zeroPoints());
        assertArrayEquals(new double[] {-1, 6.5, 0, 0, 1, 2}, rounded(fitted, weights));
    }

    @Test
    void zeroIsInEveryRangeAndStaysZero() {
        // All above 0: the range starts at 0, s = 3/15.
        Tensor weights = Tensor.of(Shape.of(1, 3), 3f, 1f, 2f);
        Fitted.Scaled fitted = fitted("int4-asymmetric-tensor", weights, 0);
        assertArrayEquals(new int[] {0}, fitted.scales().zeroPoints());
        assertArrayEquals(new double[] {3, 1, 2}, rounded(fitted, weights), 1e-7);
        for (String name : new String[] {"int8-channel", "int8-asymmetric-channel", "int4-group32", "nf4-group64"}) {
            Tensor zeros = Tensor.of(Shape.of(2, 3), new float[6]);
            assertArrayEquals(new double[6], rounded(Candidate.of(name).fit(zeros, zeros, 0), zeros), name);
        }
    }

    @Test
    void noWeightMovesByMoreThanHalfAStep() {
        long seed = 11;
        Random random = new Random(seed);
        float[] values = new float[7 * 50];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
        }
        Tensor weights = Tensor.of(Shape.of(7, 50), values);
        for (Candidate candidate : Candidate.all()) {
            for (int axis = 0; axis < 2; axis++) {
                if (candidate.format() instanceof IntegerFormat format) {
                    Fitted.Scaled fitted = fitted(candidate.name(), weights, axis);
                    double[] rounded = rounded(fitted, weights);
                    int[] slots = new int[values.length];
                    fitted.slots().of(0, values.length, slots);
                    for (int i = 0; i < values.length; i++) {
                        double step = fitted.scales().scales()[slots[i]];
                        // Half a step of the weight, and for a zero point half a step at the end of the range.
                        double most = step * (format.asymmetric() ? 1 : 0.5) * (1 + 1e-6);
                        assertTrue(Math.abs(values[i] - rounded[i]) <= most, candidate + " seed " + seed);
                    }
                }
            }
        }
    }

    @Test
    void aScaleThatWouldVanishIsTheSmallestNumber() {
        Tensor weights = Tensor.of(Shape.of(1, 2), Float.MIN_VALUE, 0f);
        double[] scales = fitted("int8-tensor", weights, 0).scales().scales();
        assertEquals(Float.MIN_VALUE, scales[0]);
    }
}
