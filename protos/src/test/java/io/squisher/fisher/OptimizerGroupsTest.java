package io.squisher.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.proto.Provenance.Kind;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptimizerGroupsTest {
    @TempDir
    private Path folder;

    private static Accumulator.Builder adam() {
        return Accumulator.newBuilder()
                .setOptimizer("Adam")
                .setSlot("v")
                .setDecay(0.5)
                .setStep(2)
                .setBatchSize(8)
                .setLossReduction(Provenance.Reduction.MEAN);
    }

    private static Accumulator.Builder adagrad() {
        return adam().clearDecay()
                .setOptimizer("AdaGrad")
                .setSlot("accumulator")
                .setStep(10)
                .setInitialValue(1);
    }

    private static Provenance of(Map<String, Accumulator> byTensor) {
        Provenance.Builder provenance = Provenance.newBuilder().setKind(Kind.ACCUMULATOR);
        OptimizerGroups.set(provenance, byTensor);
        return provenance.build();
    }

    private static Provenance bodyAndHead() {
        Map<String, Accumulator> byTensor = new LinkedHashMap<>();
        byTensor.put("body", adam().build());
        byTensor.put("head", adagrad().build());
        byTensor.put("body2", adam().build());
        return of(byTensor);
    }

    @Test
    void correctsEachTensorByItsOwnOptimizer() {
        Rescaling rescaling = FisherScale.BATCH.rescaling(bodyAndHead(), "f");
        // Adam: 3 / (1 - 0.5^2) · 8; AdaGrad: (3 - 1) / 10 · 8.
        assertEquals(32, rescaling.apply("body", 3), 1e-12);
        assertEquals(32, rescaling.apply("body2", 3), 1e-12);
        assertEquals(1.6, rescaling.apply("head", 3), 1e-12);
        String unknown = assertThrows(SquisherException.class, () -> rescaling.of("other"))
                .getMessage();
        assertTrue(unknown.startsWith("tensor 'other' is in no optimizer group"), unknown);
    }

    @Test
    void thereIsOneFactorOnlyWhereAllTensorsShareIt() {
        Provenance one = of(Map.of("a", adam().build(), "b", adam().build()));
        Rescaling shared = FisherScale.BATCH.rescaling(one, "f");
        assertEquals(shared.of("a").factor(), shared.factor());
        Rescaling several = FisherScale.BATCH.rescaling(bodyAndHead(), "f");
        String none = assertThrows(SquisherException.class, several::factor).getMessage();
        assertTrue(none.startsWith("several optimizers trained the parameters"), none);
    }

    @Test
    void namesTheGroupThatWasTrainedTooShort() {
        Provenance provenance = of(Map.of(
                "body", adam().setStep(1).build(), "head", adagrad().setStep(20).build()));
        List<String> warnings = FisherScale.BATCH.rescaling(provenance, "f").warnings();
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).startsWith("'f' (Adam over 'body') stems from 1 step,"), warnings.get(0));
        assertEquals(warnings, FisherScale.warnOfShortTraining(provenance, "f"));
        String never = assertThrows(
                        SquisherException.class,
                        () -> FisherScale.NONE.rescaling(
                                of(Map.of(
                                        "body",
                                        adam().build(),
                                        "head",
                                        adagrad().setStep(0).build())),
                                "f"))
                .getMessage();
        assertTrue(never.startsWith("'f' (AdaGrad over 'head') is an accumulator after 0 steps"), never);
    }

    @Test
    void keepsWhatAllShareWhereOldConsumersLookForIt() {
        Accumulator shared = bodyAndHead().getAccumulator();
        assertEquals(8, shared.getBatchSize());
        assertEquals(Provenance.Reduction.MEAN, shared.getLossReduction());
        assertFalse(shared.hasDecay() || shared.hasStep() || shared.hasInitialValue());
        assertEquals("", shared.getOptimizer());
        Provenance penalty = of(Map.of("body", adam().setPenaltyActive(true).build(), "head", adam().build()));
        assertTrue(penalty.getAccumulator().getPenaltyActive());
    }

    @Test
    void writesEqualSettingsAsOne() {
        Provenance one = of(Map.of("a", adam().build(), "b", adam().build()));
        assertEquals(0, one.getOptimizerGroupsCount());
        assertEquals(adam().build(), one.getAccumulator());
    }

    @Test
    void dividesByTheSquareOfTheLossScale() {
        Provenance scaled = of(Map.of("w", adam().setLossScale(4).build()));
        Provenance plain = of(Map.of("w", adam().build()));
        assertEquals(
                FisherScale.BATCH.rescaling(plain, "f").apply("w", 3) / 16,
                FisherScale.BATCH.rescaling(scaled, "f").apply("w", 3),
                1e-12);
        Provenance start =
                of(Map.of("w", adam().setLossScale(4).setInitialValue(1).build()));
        // (3 - 0.25) / 0.75 / 16: the start value is in stored numbers.
        assertEquals(2.75 / 0.75 / 16, FisherScale.NONE.rescaling(start, "f").apply("w", 3), 1e-12);
        for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            Provenance bad = of(Map.of("w", adam().setLossScale(wrong).build()));
            assertThrows(SquisherException.class, () -> FisherScale.NONE.rescaling(bad, "f"));
        }
    }

    @Test
    void followsTensorsToTheirNewNames() {
        Provenance.Builder provenance = bodyAndHead().toBuilder();
        OptimizerGroups.regroup(
                provenance, Map.of("x", List.of("body", "body2"), "y", List.of("head"), "z", List.of("head")));
        assertEquals(
                "AdaGrad",
                OptimizerGroups.accumulatorOf(provenance.build(), "z").getOptimizer());
        assertEquals(
                "Adam", OptimizerGroups.accumulatorOf(provenance.build(), "x").getOptimizer());
        String mixed = assertThrows(
                        SquisherException.class,
                        () -> OptimizerGroups.regroup(bodyAndHead().toBuilder(), Map.of("x", List.of("body", "head"))))
                .getMessage();
        assertTrue(mixed.startsWith("'x' is made of [body, head]"), mixed);
    }

    @Test
    void marksOnlyFilesThatAnOlderReleaseWouldMisread() {
        assertEquals(1, roundTrip(of(Map.of("body", adam().build()))).getFormatVersion());
        Provenance several =
                roundTrip(of(Map.of("body", adam().build(), "head", adagrad().build())));
        assertEquals(2, several.getFormatVersion());
        assertEquals(2, several.getOptimizerGroupsCount());
        assertEquals(
                2, roundTrip(of(Map.of("body", adam().setLossScale(2).build()))).getFormatVersion());
    }

    @Test
    void refusesFilesWhoseGroupsDoNotFitTheirTensors() {
        Accumulator adam = adam().build();
        Accumulator adagrad = adagrad().build();
        String none = assertThrows(SquisherException.class, () -> roundTrip(of(Map.of("head", adam, "other", adagrad))))
                .getMessage();
        assertTrue(none.contains("tensor 'body' is in no optimizer group"), none);
        Provenance twice = bodyAndHead().toBuilder()
                .addOptimizerGroups(bodyAndHead().getOptimizerGroups(0))
                .build();
        String two =
                assertThrows(SquisherException.class, () -> roundTrip(twice)).getMessage();
        assertTrue(two.contains("tensor 'body' is in two optimizer groups"), two);
    }

    /** Of a file with tensors body and head. */
    private Provenance roundTrip(Provenance provenance) {
        Path path = folder.resolve("f.safetensors");
        Tensor tensor = Tensor.of(Shape.of(2), 1f, 2f);
        FisherFile.write(path, new FisherDiagonal(Map.of("body", tensor, "head", tensor), provenance));
        try (FisherFile file = FisherFile.open(path)) {
            return file.diagonal().provenance();
        }
    }
}
