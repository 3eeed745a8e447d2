package io.squisher.apps.plan;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.Fixtures;
import io.squisher.apps.ewc.Consolidation;
import io.squisher.apps.ewc.EwcOptions;
import io.squisher.apps.ewc.EwcTask;
import io.squisher.apps.ewc.FisherImportance;
import io.squisher.apps.prune.LossRiseScoring;
import io.squisher.apps.prune.Prune;
import io.squisher.apps.prune.PruneOptions;
import io.squisher.apps.prune.StructuredOptions;
import io.squisher.apps.prune.StructuredOptions.Elsewhere;
import io.squisher.apps.prune.StructuredPrune;
import io.squisher.apps.prune.UnitScoring;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherScale;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.units.UnitGroup;
import io.squisher.units.UnitSlice;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every plan refuses the Fisher of another model whose tensors have the same names and shapes, unless it is allowed. */
class ForeignFisherTest {
    private static final String REFUSAL = "'f.safetensors' belongs to other weights than those in '";

    @TempDir
    Path folder;

    private WeightSource model;
    private WeightSource other;

    @BeforeEach
    void open() {
        model = Fixtures.model(folder.resolve("model.safetensors"), Map.of("w", matrix(1, 2, 3, 4)));
        other = Fixtures.model(folder.resolve("other.safetensors"), Map.of("w", matrix(1, 2, 3, 5)));
    }

    @AfterEach
    void close() {
        model.close();
        other.close();
    }

    private static Tensor matrix(double... values) {
        return Tensor.of(Shape.of(2, 2), values);
    }

    private static NamedFisher fisherOf(WeightSource weights) {
        Provenance provenance = Provenance.newBuilder()
                .setKind(Provenance.Kind.EMPIRICAL)
                .setReduction(Provenance.Reduction.MEAN)
                .setWeightsHash(ContentHash.of(List.of("w"), weights::tensor))
                .build();
        return new NamedFisher("f.safetensors", new FisherDiagonal(Map.of("w", matrix(1, 1, 1, 2)), provenance));
    }

    /** A way to use a Fisher on the model. */
    @FunctionalInterface
    private interface Use {
        void with(NamedFisher fisher, boolean allowOtherModel);
    }

    private void check(Use use) {
        assertDoesNotThrow(() -> use.with(fisherOf(model), false));
        assertDoesNotThrow(() -> use.with(fisherOf(other), true));
        String message = assertThrows(SquisherException.class, () -> use.with(fisherOf(other), false))
                .getMessage();
        assertTrue(message.contains(REFUSAL), message);
    }

    @Test
    void whenItPrunes() {
        check((fisher, allowed) -> Prune.plan(
                model,
                new LossRiseScoring(model, fisher),
                new PruneOptions(0.5, Scope.GLOBAL, Optional.empty(), allowed)));
    }

    @Test
    void whenItPrunesUnits() {
        UnitGroup rows = new UnitGroup(
                "rows", UnitGroup.Kind.NEURONS, 2, List.of(new UnitSlice("w", 0)), List.of(), Optional.of("no graph"));
        check((fisher, allowed) -> {
            Scoring statistic = new LossRiseScoring(model, fisher);
            StructuredPrune.plan(
                    model,
                    List.of(rows),
                    statistic,
                    UnitScoring.sum(model, statistic),
                    new StructuredOptions(
                            0.5, UnitGroup.Kind.NEURONS, Scope.GLOBAL, Elsewhere.MASK, Optional.empty(), allowed));
        });
    }

    @Test
    void whenItHoldsTasks() {
        check((fisher, allowed) -> Consolidation.of(
                List.of(new EwcTask(model, new FisherImportance(fisher, FisherScale.NONE), 1)),
                new EwcOptions(EwcOptions.Mode.SEPARATE, 1, Optional.empty(), allowed)));
    }
}
