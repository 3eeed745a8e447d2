package io.squisher.apps.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.Fixtures;
import io.squisher.apps.prune.StructuredOptions.Elsewhere;
import io.squisher.apps.topk.Scope;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.units.UnitGroup;
import io.squisher.units.UnitSlice;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three neurons with a bias each, read by two; and two filters that cannot go. */
class StructuredPruneTest {
    private static final UnitGroup NEURONS = new UnitGroup(
            "w",
            UnitGroup.Kind.NEURONS,
            3,
            List.of(new UnitSlice("w", 0), new UnitSlice("b", 0)),
            List.of(new UnitSlice("next", 1)),
            Optional.empty());
    private static final UnitGroup OTHERS = new UnitGroup(
            "other", UnitGroup.Kind.NEURONS, 2, List.of(new UnitSlice("other", 0)), List.of(), Optional.of("Softmax"));

    @TempDir
    Path folder;

    private WeightSource model;
    private LossRiseScoring statistic;

    @BeforeEach
    void open() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        weights.put("w", Tensor.of(Shape.of(3, 2), 1.0, 2, 3, 1, 1, 1));
        weights.put("b", Fixtures.vector(2, 0, 1));
        // Each neuron's output is a run of two columns here, as behind a flattened map of two positions.
        weights.put("next", Tensor.of(Shape.of(2, 6), 1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
        weights.put("other", Tensor.of(Shape.of(2, 1), 1.0, 5));
        model = Fixtures.model(folder.resolve("m.safetensors"), weights);
        Map<String, Tensor> fisher = new LinkedHashMap<>();
        fisher.put("w", Tensor.of(Shape.of(3, 2), 2.0, 2, 2, 2, 4, 4));
        fisher.put("b", Fixtures.vector(1, 1, 2));
        fisher.put("next", Tensor.of(Shape.of(2, 6), new double[12]));
        fisher.put("other", Tensor.of(Shape.of(2, 1), 2.0, 2));
        statistic = new LossRiseScoring(model, Fixtures.fisher("f", fisher));
    }

    @AfterEach
    void close() {
        model.close();
    }

    private StructuredPlan plan(double sparsity, Scope scope, Elsewhere elsewhere) {
        return StructuredPrune.plan(
                model,
                List.of(NEURONS, OTHERS),
                statistic,
                UnitScoring.sum(model, statistic),
                new StructuredOptions(sparsity, UnitGroup.Kind.NEURONS, scope, elsewhere, Optional.empty()));
    }

    @Test
    void sumsTheStatisticOverTheParametersThatComputeAUnit() {
        // ½ (2·1 + 2·4 + 1·4), ½ (2·9 + 2·1 + 1·0), ½ (4·1 + 4·1 + 2·1)
        assertArrayEquals(
                new double[] {7, 10, 5}, UnitScoring.sum(model, statistic).of(NEURONS), 1e-12);
    }

    @Test
    void zeroesAUnitsOwnParametersAndTheWeightsThatReadIt() {
        StructuredPlan plan = plan(0.34, Scope.GLOBAL, Elsewhere.LEAVE);
        assertEquals(1, plan.pruned());
        assertEquals("{0, 1}", plan.kept().get(NEURONS).toString());
        assertArrayEquals(
                new double[] {1, 2, 3, 1, 0, 0}, plan.tensors().get("w").toDoubles());
        assertArrayEquals(new double[] {2, 0, 0}, plan.tensors().get("b").toDoubles());
        assertArrayEquals(
                new double[] {1, 2, 3, 4, 0, 0, 7, 8, 9, 10, 0, 0},
                plan.tensors().get("next").toDoubles());
        assertEquals(Map.of(OTHERS, "Softmax"), plan.left());
        assertTrue(plan.metadata().get("squisher.prune").contains("\"structured\":\"neurons\""));
    }

    @Test
    void masksElsewhereWhereThatIsAskedFor() {
        StructuredPlan plan = plan(0.4, Scope.GLOBAL, Elsewhere.MASK);
        assertEquals(2, plan.pruned());
        // ½·2·1 and 5 are the smallest of all; the last of them stays in its group.
        assertArrayEquals(new double[] {0, 5}, plan.tensors().get("other").toDoubles());
        assertEquals(2, plan.kept().get(NEURONS).cardinality());
        assertEquals(List.of(NEURONS), List.copyOf(plan.removable().keySet()));
    }

    @Test
    void noGroupLosesItsLastUnit() {
        StructuredPlan plan = plan(1, Scope.GLOBAL, Elsewhere.MASK);
        assertEquals(1, plan.kept().get(NEURONS).cardinality());
        assertEquals(1, plan.kept().get(OTHERS).cardinality());
        assertEquals("{1}", plan.kept().get(NEURONS).toString());
        assertEquals(
                1, plan(0.5, Scope.LAYER, Elsewhere.MASK).kept().get(OTHERS).cardinality());
    }

    @Test
    void randomUnitsDependOnTheSeedAndNotOnTheirSize() {
        double[] scores = UnitScoring.random(1).of(NEURONS);
        assertEquals(3, scores.length);
        assertArrayEquals(scores, UnitScoring.random(1).of(NEURONS));
        assertTrue(scores[0] != UnitScoring.random(2).of(NEURONS)[0]);
    }

    @Test
    void saysWhyNothingCanGo() {
        StructuredOptions options = new StructuredOptions(
                0.5, UnitGroup.Kind.NEURONS, Scope.GLOBAL, Elsewhere.LEAVE, Optional.of(Pattern.compile("^w$")));
        SquisherException e = assertThrows(
                SquisherException.class,
                () -> StructuredPrune.plan(
                        model, List.of(NEURONS, OTHERS), statistic, UnitScoring.sum(model, statistic), options));
        assertEquals(
                "cannot prune '" + model.path() + "': no neurons can be removed; 'w': excluded; 'other': Softmax",
                e.getMessage());
    }

    @Test
    void withoutAGraphEveryWeightHasOutputsAlongOneAxis() {
        assertEquals(
                List.of("w 3", "next 2", "other 2"),
                GraphlessUnits.of(model, false).stream()
                        .map(group -> group.name() + " " + group.count())
                        .toList());
        assertEquals(
                List.of("w 2", "next 6"),
                GraphlessUnits.of(model, true).stream()
                        .map(group -> group.name() + " " + group.count())
                        .toList());
    }
}
