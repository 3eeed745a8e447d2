package io.squisher.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.proto.Provenance.Kind;
import io.squisher.proto.Provenance.Reduction;
import java.util.List;
import org.junit.jupiter.api.Test;

class FisherScaleTest {
    private static Accumulator.Builder adam() {
        return Accumulator.newBuilder()
                .setOptimizer("Adam")
                .setSlot("v")
                .setDecay(0.5)
                .setStep(2)
                .setBatchSize(8)
                .setDatasetSize(100)
                .setLossReduction(Reduction.MEAN);
    }

    private static Provenance of(Accumulator.Builder accumulator) {
        return Provenance.newBuilder()
                .setKind(Kind.ACCUMULATOR)
                .setAccumulator(accumulator)
                .build();
    }

    private static double scaled(String scale, Accumulator.Builder accumulator) {
        return FisherScale.parse(scale).rescaling(of(accumulator), "f").apply("w", 3);
    }

    @Test
    void correctsTheBiasAndScales() {
        // 1 - 0.5^2 = 0.75, so v = 3 becomes 4.
        assertEquals(4, scaled("none", adam()), 1e-12);
        assertEquals(32, scaled("batch", adam()), 1e-12);
        assertEquals(400, scaled("dataset", adam()), 1e-12);
        assertEquals(10, scaled("2.5", adam()), 1e-12);
    }

    @Test
    void correctsNoBiasTwiceAndNoneOfAnUnknownStep() {
        assertEquals(3, scaled("none", adam().setBiasCorrected(true)), 1e-12);
        assertEquals(3, scaled("none", adam().clearStep()), 1e-12);
    }

    @Test
    void takesAnAppliedScaleIntoAccount() {
        Provenance provenance = of(adam()).toBuilder().setAppliedScale(8).build();
        assertEquals(4, FisherScale.BATCH.rescaling(provenance, "f").apply("w", 3), 1e-12);
        assertEquals(0.5, FisherScale.NONE.rescaling(provenance, "f").apply("w", 3), 1e-12);
    }

    @Test
    void bringsASummedLossToTheMean() {
        // v of the sum is B² v of the mean: 4 / 64 · 8.
        assertEquals(0.5, scaled("batch", adam().setLossReduction(Reduction.SUM)), 1e-12);
    }

    @Test
    void dividesARunningSumByItsStepsAfterItsStart() {
        assertEquals(1.45, scaled("none", adam().clearDecay().setInitialValue(0.1)), 1e-12);
    }

    @Test
    void removesWhatIsLeftOfAnInitialValue() {
        // 1.0 · 0.5^2 = 0.25 is left of the start: (3 - 0.25) / 0.75.
        assertEquals(2.75 / 0.75, scaled("none", adam().setInitialValue(1)), 1e-12);
        assertEquals(
                0,
                FisherScale.NONE.rescaling(of(adam().setInitialValue(1)), "f").apply("w", 0.2));
    }

    @Test
    void leavesComputedFishersAndMakesSumsMeans() {
        Provenance mean = Provenance.newBuilder().setKind(Kind.EXACT).build();
        Provenance sum =
                mean.toBuilder().setReduction(Reduction.SUM).setExampleCount(6).build();
        assertEquals(3, FisherScale.DATASET.rescaling(mean, "f").apply("w", 3));
        assertEquals(0.5, FisherScale.BATCH.rescaling(sum, "f").apply("w", 3), 1e-12);
    }

    @Test
    void warnsOfShortTrainingAndUnknownBatch() {
        Rescaling tooShort = FisherScale.NONE.rescaling(of(adam().setStep(1)), "a.safetensors");
        assertEquals(1, tooShort.warnings().size());
        assertTrue(tooShort.warnings().get(0).contains("'a.safetensors' stems from 1 step,"), tooShort.toString());
        Accumulator.Builder trained = adam().setStep(20);
        assertTrue(FisherScale.NONE.rescaling(of(trained), "f").warnings().isEmpty());

        Rescaling unknown = FisherScale.BATCH_IF_KNOWN.rescaling(of(trained.clearBatchSize()), "f");
        assertTrue(unknown.scaleUnknown());
        assertEquals(1, unknown.warnings().size());
        assertFalse(FisherScale.BATCH_IF_KNOWN.rescaling(of(adam()), "f").scaleUnknown());
    }

    @Test
    void warnsOnceOfFewStepsWhateverTheAverageRemembers() {
        for (Accumulator.Builder few : List.of(
                adam().setStep(19),
                adam().setStep(19).clearDecay(),
                adam().setStep(19).setDecay(0.999))) {
            List<String> warnings = FisherScale.NONE.rescaling(of(few), "f").warnings();
            assertEquals(1, warnings.size(), warnings.toString());
            assertTrue(warnings.get(0).startsWith("'f' stems from 19 steps"), warnings.get(0));
            assertTrue(warnings.get(0).endsWith("(docs/when-it-works.md)"), warnings.get(0));
            assertEquals(warnings, FisherScale.warnOfShortTraining(of(few), "f"));
        }
        assertEquals(List.of(), FisherScale.warnOfShortTraining(of(adam().clearStep()), "f"));
    }

    @Test
    void refusesWhatCannotBeKnown() {
        SquisherException batch = assertThrows(
                SquisherException.class, () -> FisherScale.BATCH.rescaling(of(adam().clearBatchSize()), "x"));
        assertTrue(batch.getMessage().startsWith("'x' does not say its batch size"), batch.getMessage());
        assertThrows(SquisherException.class, () -> FisherScale.NONE.rescaling(of(adam().setStep(0)), "x"));
        assertThrows(SquisherException.class, () -> FisherScale.parse("big"));
        assertThrows(SquisherException.class, () -> FisherScale.parse("-1"));
    }
}
