package io.squisher.apps.unlearn;

import static io.squisher.apps.Fixtures.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.Fixtures;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherScale;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.proto.Provenance.Kind;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynapticDampeningTest {
    @TempDir
    Path folder;

    private WeightSource model;

    @BeforeEach
    void open() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a", vector(4, -1, 2, 8));
        tensors.put("b", vector(3, 5));
        model = Fixtures.model(folder.resolve("m.safetensors"), tensors);
    }

    @AfterEach
    void close() {
        model.close();
    }

    private static NamedFisher fisher(String label, Kind kind, long examples, Tensor a, Tensor b) {
        Provenance.Builder provenance = Provenance.newBuilder().setKind(kind).setLikelihood("categorical");
        if (kind == Kind.ACCUMULATOR) {
            provenance.setAccumulator(Accumulator.newBuilder()
                    .setOptimizer("Adam")
                    .setDecay(0.5)
                    .setStep(1000)
                    .setBiasCorrected(true)
                    .setBatchSize(4)
                    .setDatasetSize(examples)
                    .setLossReduction(Provenance.Reduction.MEAN));
        } else {
            provenance.setExampleCount(examples).setReduction(Provenance.Reduction.MEAN);
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a", a);
        tensors.put("b", b);
        return new NamedFisher(label, new FisherDiagonal(tensors, provenance.build()));
    }

    private static NamedFisher whole() {
        return fisher("all", Kind.EMPIRICAL, 100, vector(1, 1, 2, 0), vector(4, 1));
    }

    private static NamedFisher forget() {
        return fisher("some", Kind.EMPIRICAL, 10, vector(2, 8, 4, 1), vector(1, 3));
    }

    private DampeningPlan plan(NamedFisher whole, NamedFisher forget, DampeningOptions options) {
        return SynapticDampening.plan(model, whole, forget, options);
    }

    @Test
    void dampensWhereTheForgetSetsFisherIsAboveAlphaTimesTheOther() {
        // Ratios 2, 8, 2, ∞ | ¼, 3. At alpha 2 the equal ones stay; 8 → 1/8, ∞ → 0, 3 → 1/3.
        DampeningPlan plan = plan(whole(), forget(), new DampeningOptions(2, 1));
        assertArrayEquals(
                new double[] {4, -1 / 8.0, 2, 0}, plan.tensors().get("a").toDoubles(), 1e-15);
        assertArrayEquals(new double[] {3, 5 / 3.0}, plan.tensors().get("b").toDoubles(), 1e-15);
        DampenedTensor a = plan.counts().get("a");
        assertEquals(2, a.dampened());
        assertEquals(1 / 16.0, a.meanFactor(), 1e-15);
        assertEquals(Math.sqrt((49 / 64.0 + 64) / 85), a.change(), 1e-15);
        assertEquals(Double.POSITIVE_INFINITY, a.largestRatio());
        assertEquals(3, plan.counts().get("b").largestRatio(), 1e-15);
        assertEquals("3 of 6 parameters in 2 tensors dampened", plan.summary());
        assertEquals(
                List.of("1 parameter with an entry of 0 in 'all' and above 0 in 'some' become 0; does the whole set"
                        + " hold the forget set?"),
                plan.warnings());
    }

    @Test
    void lambdaSaysHowMuchIsKeptButNeverMoreThanAll() {
        // λ = 4: 4/8 and min(4/3, 1).
        DampeningPlan plan = plan(whole(), forget(), new DampeningOptions(2, 4));
        assertArrayEquals(new double[] {4, -0.5, 2, 0}, plan.tensors().get("a").toDoubles(), 1e-15);
        assertArrayEquals(new double[] {3, 5}, plan.tensors().get("b").toDoubles(), 1e-15);
    }

    @Test
    void excludedParametersStay() {
        DampeningOptions options =
                new DampeningOptions(2, 1, FisherScale.BATCH_IF_KNOWN, Optional.of(Pattern.compile("^a$")), false);
        assertEquals(
                java.util.Set.of("b"),
                plan(whole(), forget(), options).tensors().keySet());
        assertTrue(plan(whole(), forget(), options)
                .metadata()
                .get("squisher.unlearn")
                .contains("\"exclude\":\"^a$\""));
    }

    @Test
    void aSquisherOfTheWholeSetIsBroughtToScaleAndSaysSo() {
        // B = 4: the same numbers as above once they are multiplied.
        NamedFisher squisher = fisher("squisher", Kind.ACCUMULATOR, 100, vector(0.25, 0.25, 0.5, 0), vector(1, 0.25));
        DampeningPlan plan = plan(squisher, forget(), new DampeningOptions(2, 1));
        assertArrayEquals(
                new double[] {4, -1 / 8.0, 2, 0}, plan.tensors().get("a").toDoubles(), 1e-15);
        String metadata = plan.metadata().get("squisher.unlearn");
        assertTrue(metadata.contains("\"fisher_kind\":\"accumulator\",\"fisher_scale\":\"batch scale 4"), metadata);
        assertTrue(metadata.contains("\"forget_fisher_scale\":\"as stored\",\"forget_examples\":10"), metadata);
    }

    @Test
    void nestedSetsNeverPassTheRatioOfTheirSizes() {
        long seed = 5;
        Random random = new Random(seed);
        double[] part = random.doubles(4).map(x -> x * x).toArray();
        double[] rest = random.doubles(4).map(x -> x * x * x).toArray();
        double[] all = new double[4];
        for (int i = 0; i < 4; i++) {
            all[i] = 0.1 * part[i] + 0.9 * rest[i];
        }
        NamedFisher whole = fisher("all", Kind.EXACT, 100, vector(all), vector(1, 1));
        NamedFisher forget = fisher("some", Kind.EXACT, 10, vector(part), vector(1, 1));
        DampeningPlan plan = plan(whole, forget, new DampeningOptions(10, 1));
        assertEquals(0, plan.dampened(), "seed " + seed);
        assertTrue(
                plan.warnings()
                        .get(0)
                        .endsWith("choose a smaller alpha (where the whole set of N examples holds the forget set of n,"
                                + " none can be above N/n = 10.00)"),
                plan.warnings().toString());
        assertTrue(
                plan.warnings().get(0).startsWith("nothing is dampened: no entry of 'some' is more than alpha = 10.0"));
    }

    @Test
    void refusesWhatCannotBeDivided() {
        assertRefused(
                fisher("exact", Kind.EXACT, 10, vector(1, 1, 1, 1), vector(1, 1)),
                "'all' is of the kind empirical and 'exact' of the kind exact, and their quotient means nothing;"
                        + " compute both with one --kind");
        assertRefused(
                fisher("squisher", Kind.ACCUMULATOR, 10, vector(1, 1, 1, 1), vector(1, 1)),
                "'squisher' is an accumulator, which averages over what was trained on; compute the forget set's"
                        + " Fisher with 'squisher fisher --data FORGET'");
        assertRefused(
                fisher("more", Kind.EMPIRICAL, 100, vector(1, 1, 1, 1), vector(1, 1)),
                "the forget set is a part of the whole set, and 'more' is of 100 examples, 'all' of 100; are they in"
                        + " each other's place?");
        NamedFisher other = new NamedFisher(
                "other",
                new FisherDiagonal(
                        Map.of("a", vector(1, 1, 1, 1), "b", vector(1, 1)),
                        Provenance.newBuilder()
                                .setKind(Kind.EMPIRICAL)
                                .setLikelihood("gaussian")
                                .setExampleCount(5)
                                .build()));
        assertRefused(
                other, "'all' has the likelihood categorical and 'other' gaussian; compute both with one --likelihood");
        assertRefused(
                new NamedFisher(
                        "half",
                        new FisherDiagonal(
                                Map.of("a", vector(1, 1, 1, 1)),
                                whole().diagonal().provenance())),
                "'half' lacks the parameters 'b'");
    }

    private void assertRefused(NamedFisher forget, String expected) {
        String message = assertThrows(SquisherException.class, () -> plan(whole(), forget, new DampeningOptions(2, 1)))
                .getMessage();
        assertTrue(message.startsWith("cannot unlearn") && message.contains(expected), message);
    }

    @Test
    void refusesAnAccumulatorWithoutScale() {
        NamedFisher squisher = fisher("squisher", Kind.ACCUMULATOR, 100, vector(1, 1, 1, 1), vector(1, 1));
        DampeningOptions options = new DampeningOptions(2, 1, FisherScale.NONE, Optional.empty(), false);
        String message = assertThrows(SquisherException.class, () -> plan(squisher, forget(), options))
                .getMessage();
        assertTrue(message.contains("mixed scales: 'some' are means over examples"), message);
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThrows(SquisherException.class, () -> new DampeningOptions(0, 1));
        assertThrows(SquisherException.class, () -> new DampeningOptions(1, -1));
        assertThrows(SquisherException.class, () -> new DampeningOptions(Double.NaN, 1));
    }
}
