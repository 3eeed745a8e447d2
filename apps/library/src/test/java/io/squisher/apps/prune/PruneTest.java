package io.squisher.apps.prune;

import static io.squisher.apps.Fixtures.fisher;
import static io.squisher.apps.Fixtures.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.Fixtures;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.topk.RandomScoring;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PruneTest {
    @TempDir
    Path folder;

    private WeightSource model;

    @BeforeEach
    void open() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a", vector(4, -1, 2, 0));
        tensors.put("b", vector(3, -5, 1, 1));
        model = Fixtures.model(folder.resolve("m.safetensors"), tensors);
    }

    @AfterEach
    void close() {
        model.close();
    }

    private static NamedFisher diagonal() {
        return fisher("f", Map.of("a", vector(0.5, 8, 0, 9), "b", vector(2, 0.08, 1, 6)));
    }

    private static PruneOptions options(double sparsity, Scope scope) {
        return new PruneOptions(sparsity, scope, Optional.empty());
    }

    @Test
    void scoresAreHalfTheFisherTimesTheSquaredWeight() {
        Scoring statistic = new LossRiseScoring(model, diagonal());
        assertArrayEquals(new double[] {4, 4, 0, 0}, statistic.of("a").toDoubles(), 1e-15);
        assertArrayEquals(new double[] {9, 1, 0.5, 3}, statistic.of("b").toDoubles(), 1e-15);
    }

    @Test
    void prunesTheSmallestOverall() {
        // Scores 4 4 0 0 | 9 1 .5 3: half of eight stays: 9, 4, 4, 3.
        PrunePlan plan = Prune.plan(model, new LossRiseScoring(model, diagonal()), options(0.5, Scope.GLOBAL));
        assertArrayEquals(new double[] {4, -1, 0, 0}, plan.tensors().get("a").toDoubles());
        assertArrayEquals(new double[] {3, 0, 0, 1}, plan.tensors().get("b").toDoubles());
        assertEquals(8, plan.total());
        assertEquals(4, plan.kept());
    }

    @Test
    void prunesTheSmallestInEachLayer() {
        PrunePlan plan = Prune.plan(model, new LossRiseScoring(model, diagonal()), options(0.75, Scope.LAYER));
        assertArrayEquals(new double[] {4, 0, 0, 0}, plan.tensors().get("a").toDoubles());
        assertArrayEquals(new double[] {3, 0, 0, 0}, plan.tensors().get("b").toDoubles());
    }

    @Test
    void magnitudeIsABaselineOfTheSameKind() {
        PrunePlan plan = Prune.plan(model, new MagnitudeScoring(model), options(0.75, Scope.GLOBAL));
        assertArrayEquals(new double[] {4, 0, 0, 0}, plan.tensors().get("a").toDoubles());
        assertArrayEquals(new double[] {0, -5, 0, 0}, plan.tensors().get("b").toDoubles());
    }

    @Test
    void excludedParametersAreNeitherPrunedNorCounted() {
        PruneOptions options = new PruneOptions(0.75, Scope.GLOBAL, Optional.of(Pattern.compile("^b$")));
        PrunePlan plan = Prune.plan(model, new MagnitudeScoring(model), options);
        assertEquals(java.util.Set.of("a"), plan.tensors().keySet());
        assertEquals(4, plan.total());
        assertEquals(1, plan.kept());
    }

    @Test
    void nothingThatLeavesNothingIsPruned() {
        assertThrows(SquisherException.class, () -> new PruneOptions(1, Scope.GLOBAL, Optional.empty()));
        assertThrows(SquisherException.class, () -> new PruneOptions(Double.NaN, Scope.GLOBAL, Optional.empty()));
        String message = assertThrows(
                        SquisherException.class,
                        () -> Prune.plan(model, new MagnitudeScoring(model), options(0.99, Scope.GLOBAL)))
                .getMessage();
        assertTrue(
                message.endsWith("a sparsity of 0.99 leaves none of the 8 parameters; choose a smaller one"), message);
    }

    private List<String> warnings(Accumulator.Builder accumulator, double sparsity) {
        Provenance provenance = Provenance.newBuilder()
                .setKind(Provenance.Kind.ACCUMULATOR)
                .setAccumulator(accumulator)
                .build();
        NamedFisher squisher =
                new NamedFisher("v", new FisherDiagonal(diagonal().diagonal().tensors(), provenance));
        return Prune.plan(model, new LossRiseScoring(model, squisher), options(sparsity, Scope.GLOBAL))
                .warnings();
    }

    @Test
    void saysOfALongAverageThatItIsNoneForHighSparsity() {
        Accumulator.Builder adam = Accumulator.newBuilder().setDecay(0.999).setStep(1000);
        List<String> warnings = warnings(adam, 0.9);
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).startsWith("'v' is an accumulator with decay 0.999, "), warnings.get(0));
        assertTrue(warnings.get(0).endsWith("(docs/when-it-works.md)"), warnings.get(0));
        assertEquals(1, warnings(adam, 0.5).size());
        assertEquals(List.of(), warnings(adam, 0.25));
        assertEquals(List.of(), warnings(adam.setDecay(0.95f), 0.9));
        String unknown = warnings(adam.clearDecay(), 0.9).toString();
        assertTrue(unknown.contains("no decay that is known"), unknown);
        assertEquals(
                List.of(),
                Prune.plan(model, new LossRiseScoring(model, diagonal()), options(0.9, Scope.GLOBAL))
                        .warnings());
    }

    @Test
    void sparsityIsExactToOneElementOnARealModel() {
        try (WeightSource lenet = WeightFormats.open(Fixtures.path("lenet_cnn/model.onnx"));
                FisherFile file = FisherFile.open(Fixtures.path("lenet_cnn/fisher_exact.safetensors"))) {
            NamedFisher fisher = new NamedFisher("exact", file.diagonal());
            for (double sparsity : new double[] {0, 0.25, 0.5, 0.9, 0.999}) {
                for (Scoring scoring : new Scoring[] {
                    new LossRiseScoring(lenet, fisher), new MagnitudeScoring(lenet), RandomScoring.ofWeights(lenet, 1)
                }) {
                    PrunePlan plan = Prune.plan(lenet, scoring, options(sparsity, Scope.GLOBAL));
                    long zeros = plan.tensors().values().stream()
                            .flatMapToDouble(tensor -> Arrays.stream(tensor.toDoubles()))
                            .filter(value -> value == 0)
                            .count();
                    assertEquals(Math.round(1542 * sparsity), zeros, scoring.name() + " " + sparsity);
                }
            }
        }
    }

    @Test
    void repeatedPruningKeepsWhatWasPruned() {
        for (Scoring scoring : new Scoring[] {RandomScoring.ofWeights(model, 3), new MagnitudeScoring(model)}) {
            PrunePlan plan = Prune.plan(model, scoring, options(1 / 8.0, Scope.GLOBAL));
            assertArrayEquals(
                    new double[] {4, -1, 2, 0}, plan.tensors().get("a").toDoubles(), scoring.name());
        }
    }

    @Test
    void oneFactorOnTheFisherChangesNothing() {
        NamedFisher small =
                fisher("f", Map.of("a", vector(0.5e-30, 8e-30, 0, 9e-30), "b", vector(2e-30, 8e-32, 1e-30, 6e-30)));
        PrunePlan one = Prune.plan(model, new LossRiseScoring(model, diagonal()), options(0.5, Scope.GLOBAL));
        PrunePlan two = Prune.plan(model, new LossRiseScoring(model, small), options(0.5, Scope.GLOBAL));
        for (String name : model.names()) {
            assertArrayEquals(
                    one.tensors().get(name).toDoubles(), two.tensors().get(name).toDoubles(), name);
        }
    }

    @Test
    void refusesNegativeFishersAndBadWeightsByName() {
        NamedFisher negative = fisher("neg", Map.of("a", vector(0, 0, -1, 0), "b", vector(0, 0, 0, 0)));
        SquisherException e = assertThrows(
                SquisherException.class,
                () -> Prune.plan(model, new LossRiseScoring(model, negative), options(0.5, Scope.GLOBAL)));
        assertTrue(e.getMessage().contains("'neg': tensor 'a' has -1.0 at element 2"), e.getMessage());

        try (WeightSource bad = Fixtures.model(folder.resolve("bad.safetensors"), Map.of("w", vector(1, Double.NaN)))) {
            SquisherException nan = assertThrows(
                    SquisherException.class,
                    () -> Prune.plan(bad, new MagnitudeScoring(bad), options(0.5, Scope.GLOBAL)));
            assertTrue(nan.getMessage().contains("parameter 'w' has NaN at element 1"), nan.getMessage());
        }
    }

    @Test
    void theScheduleEndsAtTheTarget() {
        assertEquals(0.8, PruneSchedule.cubic(0.8, 4, 4), 1e-15);
        assertEquals(0.8 * (1 - 0.125), PruneSchedule.cubic(0.8, 2, 4), 1e-15);
        assertThrows(SquisherException.class, () -> PruneSchedule.cubic(0.8, 5, 4));
    }
}
