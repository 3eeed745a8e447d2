package io.squisher.apps.quantization.number;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CandidateTest {
    private static final Shape SHAPE = Shape.of(10, 100);

    private static long bits(String name, ElementType type) {
        return Candidate.of(name).bits(SHAPE, type, 0);
    }

    @Test
    void sizesCountScalesZeroPointsAndTables() {
        assertEquals(32_000, bits("stored", ElementType.F32));
        assertEquals(16_000, bits("fp16", ElementType.F32));
        assertEquals(8_000 + 32, bits("int8-tensor", ElementType.F32));
        assertEquals(4_000 + 10 * 32, bits("int4-channel", ElementType.F32));
        assertEquals(4_000 + 10 * (32 + 4), bits("int4-asymmetric-channel", ElementType.F32));
        // 100 columns are 4 groups of 32, the last of 4.
        assertEquals(4_000 + 40 * 32, bits("nf4-group32", ElementType.F32));
        assertEquals(4_000 + 40 * 16, bits("nf4-group32", ElementType.BF16));
        assertEquals(3_000 + 10 * 8 * 32, bits("table3-channel", ElementType.F32));
        assertEquals(4_000 + 100 * 36, Candidate.of("int4-asymmetric-group128").bits(SHAPE, ElementType.F32, 1));
    }

    @Test
    void namesLeadBackToCandidates() {
        assertEquals(32, Candidate.all().size());
        for (Candidate candidate : Candidate.all()) {
            assertEquals(candidate, Candidate.of(candidate.name()));
        }
        SquisherException refused = assertThrows(SquisherException.class, () -> Candidate.of("int4-grup32"));
        assertTrue(
                refused.getMessage()
                        .startsWith("there is no number format 'int4-grup32'; there are stored, int8-tensor,"),
                refused.getMessage());
        assertTrue(refused.getMessage().endsWith(", did you mean 'int4-group32'?"), refused.getMessage());
    }

    @Test
    void roundingDoesNotDependOnThePieces() {
        Random random = new Random(5);
        float[] values = new float[1000];
        float[] fisher = new float[1000];
        for (int i = 0; i < 1000; i++) {
            values[i] = (float) random.nextGaussian();
            fisher[i] = random.nextFloat();
        }
        Tensor weights = Tensor.of(SHAPE, values);
        Tensor importance = Tensor.of(SHAPE, fisher);
        for (Candidate candidate : Candidate.all()) {
            for (int axis = 0; axis < 2; axis++) {
                Fitted fitted = candidate.fit(weights, importance, axis);
                double[] whole = weights.toDoubles();
                fitted.round(0, 1000, whole);
                double[] pieces = new double[1000];
                for (int start = 0; start < 1000; start += 13) {
                    int count = Math.min(13, 1000 - start);
                    double[] piece = new double[20];
                    System.arraycopy(weights.toDoubles(), start, piece, 0, count);
                    fitted.round(start, count, piece);
                    System.arraycopy(piece, 0, pieces, start, count);
                }
                assertArrayEquals(whole, pieces, candidate.name());
            }
        }
    }

    @Test
    void whatIsRoundedOnceStaysWhatItIs() {
        Random random = new Random(6);
        float[] values = new float[1000];
        for (int i = 0; i < 1000; i++) {
            values[i] = (float) random.nextGaussian();
        }
        for (String name :
                new String[] {"fp16", "bf16", "fp8-e4m3-channel", "nf4-group64", "int4-group32", "table4-channel"}) {
            Tensor weights = Tensor.of(SHAPE, values);
            double[] once = weights.toDoubles();
            Candidate.of(name).fit(weights, weights, 0).round(0, 1000, once);
            Tensor rounded = Tensor.of(SHAPE, once);
            double[] twice = rounded.toDoubles();
            Candidate.of(name).fit(rounded, rounded, 0).round(0, 1000, twice);
            assertArrayEquals(once, twice, 1e-6, name);
        }
    }

    @Test
    void largeTensorsAreGatheredChannelByChannelAlongBothAxes() {
        // More elements than are in memory at a time, along the last axis; each column holds two values alone.
        int rows = 3000;
        int columns = 1500;
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % columns + (i / columns % 2 == 0 ? 0.25f : 0.5f);
        }
        Tensor weights = Tensor.of(Shape.of(rows, columns), values);
        Fitted.Table fitted = (Fitted.Table) Candidate.of("table3-channel").fit(weights, weights, 1);
        for (int column = 0; column < columns; column++) {
            assertEquals(column + 0.25, fitted.tables()[column][0]);
            assertEquals(column + 0.5, fitted.tables()[column][1]);
        }
    }
}
