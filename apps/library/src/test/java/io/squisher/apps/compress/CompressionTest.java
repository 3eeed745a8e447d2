package io.squisher.apps.compress;

import static io.squisher.apps.Fixtures.fisher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.ModelsOnDisk;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CompressionTest extends ModelsOnDisk {
    private static Tensor diagonal(double... values) {
        float[] matrix = new float[values.length * values.length];
        for (int i = 0; i < values.length; i++) {
            matrix[i * values.length + i] = (float) values[i];
        }
        return Tensor.of(Shape.of(values.length, values.length), matrix);
    }

    private static Tensor rows(double... values) {
        double[] matrix = new double[values.length * values.length];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = values[i / values.length];
        }
        return Tensor.of(Shape.of(values.length, values.length), matrix);
    }

    private static CompressionPlan plan(
            WeightSource model, NamedFisher fisher, CompressionOptions options, LinearLayer... layers) {
        return Compression.of(model, List.of(layers), Optional.of(fisher), options)
                .plan();
    }

    @Test
    void keepsTheInputThatMattersMostAndSaysWhatThatCosts() {
        WeightSource model = model(Map.of("w", diagonal(4, 3, 2, 1)));
        NamedFisher fisher = fisher("f", Map.of("w", rows(1, 1, 1, 100)));
        LinearLayer layer = new LinearLayer("w", 0);
        Compression compression = Compression.of(
                model, List.of(layer), Optional.of(fisher), new CompressionOptions(0.5, CompressionMethod.FISHER));
        CompressionPlan plan = compression.plan();
        RankLoss chosen = plan.chosen().chosen().get("w");
        assertEquals(1, chosen.rank());
        assertEquals(8, chosen.weights());
        // ½ (4² + 3² + 2²) and its double; plain keeps the 4: ½ (3² + 2² + 100).
        assertEquals(14.5, chosen.loss().orElseThrow(), 1e-12);
        assertEquals(29, chosen.error(), 1e-12);
        RankLoss plain = plan.of(CompressionMethod.SVD).orElseThrow().chosen().get("w");
        assertEquals(56.5, plain.loss().orElseThrow(), 1e-12);
        assertEquals(14, plain.error(), 1e-12);
        assertEquals(
                "1 of 1 linear layer in two products, 8 of 16 weights stay (0.5000), expected rise of the loss 14.50",
                plan.summary());
        LayerFactors factors = compression.factors(plan).get(0);
        assertEquals(Shape.of(4, 1), factors.first().shape());
        assertEquals(ElementType.F32, factors.second().type());
        double[] first = factors.first().toDoubles();
        double[] second = factors.second().toDoubles();
        assertEquals(1, first[3] * second[3], 1e-6);
        assertTrue(
                plan.metadata().get("squisher.compress").contains("\"ranks\":{\"w\":1}"),
                plan.metadata().toString());
    }

    @Test
    void inputsAreWhereTheLayerHasThem() {
        // [outputs, inputs]: the Fisher of an input is that of a column.
        WeightSource model = model(Map.of("w", diagonal(4, 3, 2, 1)));
        double[] byColumn = new double[16];
        for (int i = 0; i < 16; i++) {
            byColumn[i] = i % 4 == 3 ? 100 : 1;
        }
        NamedFisher fisher = fisher("f", Map.of("w", Tensor.of(Shape.of(4, 4), byColumn)));
        CompressionOptions options = new CompressionOptions(0.5, CompressionMethod.FISHER);
        double turned = plan(model, fisher, options, new LinearLayer("w", 1))
                .chosen()
                .loss()
                .orElseThrow();
        double straight = plan(model, fisher, options, new LinearLayer("w", 0))
                .chosen()
                .loss()
                .orElseThrow();
        assertEquals(14.5, turned, 1e-12);
        assertEquals(56.5, straight, 1e-12, "rows count alike");
    }

    /** Against every combination of ranks. */
    @Test
    void noChoiceOfRanksWithinTheBudgetCostsLess() {
        long seed = 17;
        Random random = new Random(seed);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Map<String, Tensor> fishers = new LinkedHashMap<>();
        LinearLayer[] layers = new LinearLayer[3];
        int[][] sizes = {{9, 8}, {6, 12}, {10, 10}};
        for (int l = 0; l < 3; l++) {
            String name = "layer" + l;
            int count = sizes[l][0] * sizes[l][1];
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) random.nextGaussian();
            }
            Shape shape = Shape.of(sizes[l][0], sizes[l][1]);
            weights.put(name, Tensor.of(shape, values));
            fishers.put(
                    name,
                    Tensor.of(shape, random.doubles(count, 0, Math.pow(10, l)).toArray()));
            layers[l] = new LinearLayer(name, l % 2);
        }
        WeightSource model = model(weights);
        double last = Double.POSITIVE_INFINITY;
        for (double budget : new double[] {0.25, 0.4, 0.55, 0.7, 0.85, 1}) {
            CompressionPlan plan =
                    plan(model, fisher("f", fishers), new CompressionOptions(budget, CompressionMethod.FISHER), layers);
            double best = Double.POSITIVE_INFINITY;
            for (RankLoss a : plan.layers().get(0).losses().get(CompressionMethod.FISHER)) {
                for (RankLoss b : plan.layers().get(1).losses().get(CompressionMethod.FISHER)) {
                    for (RankLoss c : plan.layers().get(2).losses().get(CompressionMethod.FISHER)) {
                        if (a.weights() + b.weights() + c.weights() <= budget * plan.weights()) {
                            best = Math.min(
                                    best,
                                    a.loss().orElseThrow()
                                            + b.loss().orElseThrow()
                                            + c.loss().orElseThrow());
                        }
                    }
                }
            }
            double loss = plan.chosen().loss().orElseThrow();
            assertEquals(best, loss, 1e-12 * best, "budget " + budget + ", seed " + seed);
            assertTrue(plan.chosen().weights() <= budget * plan.weights(), "the budget is kept");
            assertTrue(loss <= last, "more weights cost no more");
            last = loss;
            RankAssignment plain = plan.of(CompressionMethod.SVD).orElseThrow();
            plan.assignments().values().forEach(other -> assertTrue(plain.error() <= other.error() * (1 + 1e-12)));
        }
        assertEquals(0, last, "with a budget of 1 all stays whole");
    }

    @Test
    void uniformKeepsTheSameShareOfEachLayer() {
        WeightSource model = model(Map.of("a", diagonal(1, 2, 3, 4, 5, 6, 7, 8), "b", diagonal(9, 8, 7, 6)));
        Compression compression = Compression.of(
                model,
                List.of(new LinearLayer("a", 0), new LinearLayer("b", 0)),
                Optional.empty(),
                new CompressionOptions(0.5, CompressionMethod.UNIFORM));
        CompressionPlan plan = compression.plan();
        // 64 weights are two products of rank 2, 2 × 16; 16 weights of rank 1, 8.
        assertEquals(2, plan.chosen().chosen().get("a").rank());
        assertEquals(1, plan.chosen().chosen().get("b").rank());
        assertTrue(plan.chosen().loss().isEmpty());
        assertEquals("2 of 2 linear layers in two products, 40 of 80 weights stay (0.5000)", plan.summary());
        assertEquals(
                List.of("a", "b"),
                compression.factors(plan).stream().map(LayerFactors::name).toList());
        assertTrue(plan.of(CompressionMethod.FISHER).isEmpty());
        assertEquals(1 + 4 + 9 + 16 + 25 + 36 + 64 + 49 + 36, plan.chosen().error(), 1e-10);
    }

    private String refused(CompressionOptions options, Optional<NamedFisher> fisher, Tensor weights) {
        WeightSource model = model(Map.of("w", weights));
        return assertThrows(SquisherException.class, () -> Compression.of(
                                model, List.of(new LinearLayer("w", 0)), fisher, options)
                        .plan())
                .getMessage()
                .replace(model.path().toString(), "m");
    }

    @Test
    void refusals() {
        Tensor weights = diagonal(4, 3, 2, 1);
        assertEquals(
                "cannot compress: the factors are weighted by a Fisher; give it with --fisher, or take the baseline"
                        + " --method svd",
                refused(new CompressionOptions(0.5, CompressionMethod.TWO_SIDED), Optional.empty(), weights));
        assertEquals(
                "cannot compress: rank 1 in all layers takes 0.5000 of their weights, which is more than 0.4; raise"
                        + " --budget",
                refused(new CompressionOptions(0.4, CompressionMethod.SVD), Optional.empty(), weights));
        assertTrue(refused(new CompressionOptions(0.4, CompressionMethod.UNIFORM), Optional.empty(), weights)
                .startsWith("cannot compress: in some layer even rank 1 takes more than 0.4 of the weights; raise"));
        assertTrue(refused(new CompressionOptions(0.5, CompressionMethod.SVD), Optional.empty(), diagonal(1, 2))
                .startsWith("'m' has no linear layer to compress: "));
        assertTrue(refused(
                        new CompressionOptions(
                                0.5, CompressionMethod.SVD, FisherScale.NONE, Optional.of(Pattern.compile("w")), false),
                        Optional.empty(),
                        weights)
                .endsWith("see --exclude"));
        assertEquals(
                "'m': parameter 'w' has NaN at element 0; such a model cannot be compressed",
                refused(
                        new CompressionOptions(0.5, CompressionMethod.SVD),
                        Optional.empty(),
                        diagonal(Double.NaN, 1, 1, 1)));
        assertTrue(refused(
                        new CompressionOptions(0.5, CompressionMethod.FISHER),
                        Optional.of(fisher("f", Map.of("v", rows(1, 1, 1, 1)))),
                        weights)
                .contains("lacks the parameters 'w'"));
        assertEquals(
                "a budget is the share of the weights that stay, above 0 and at most 1, not 1.5",
                assertThrows(SquisherException.class, () -> new CompressionOptions(1.5, CompressionMethod.SVD))
                        .getMessage());
    }

    @Test
    void warnsWhereNothingIsToBeDone() {
        WeightSource model = model(Map.of("w", diagonal(4, 3, 2, 1)));
        CompressionPlan plan = Compression.of(
                        model,
                        List.of(new LinearLayer("w", 0)),
                        Optional.empty(),
                        new CompressionOptions(1, CompressionMethod.SVD))
                .plan();
        assertEquals(
                List.of("all layers stay whole, since the budget has room for them; choose a smaller --budget"),
                plan.warnings());
        assertEquals(0, plan.chosen().factorized());
        assertEquals(16, plan.chosen().weights());
    }
}
