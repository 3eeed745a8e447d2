package io.squisher.apps.plan;

import static io.squisher.apps.Fixtures.fisher;
import static io.squisher.apps.Fixtures.floats;
import static io.squisher.apps.Fixtures.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.squisher.apps.ModelsOnDisk;
import io.squisher.apps.ewc.FisherImportance;
import io.squisher.apps.mask.FisherScoring;
import io.squisher.apps.merge.FisherMergeOptions;
import io.squisher.apps.merge.FisherMethod;
import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.UbgmMethod;
import io.squisher.apps.merge.UbgmOptions;
import io.squisher.apps.prune.LossRiseScoring;
import io.squisher.apps.taskembedding.Grouping;
import io.squisher.apps.taskembedding.TaskEmbedding;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherScale;
import io.squisher.fisher.OptimizerGroups;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.proto.Provenance.Kind;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A file of two optimizers gives every application what a Fisher of the values that were corrected by hand gives:
 * body 3 / (1 - 0.5²) · 8 = 32 for Adam under a decay of 0.5 after 2 steps, head (3 - 1) / 10 · 8 = 1.6 for AdaGrad after 10.
 */
class OptimizerGroupsInApplicationsTest extends ModelsOnDisk {
    private static final Accumulator ADAM = Accumulator.newBuilder()
            .setOptimizer("Adam")
            .setDecay(0.5)
            .setStep(2)
            .setBatchSize(8)
            .setLossReduction(Provenance.Reduction.MEAN)
            .build();
    private static final Accumulator ADAGRAD = ADAM.toBuilder()
            .clearDecay()
            .setOptimizer("AdaGrad")
            .setStep(10)
            .setInitialValue(1)
            .build();

    private static final Map<String, Tensor> CORRECTED = ordered(vector(32, 0), vector(1.6, 9.6));

    private static Map<String, Tensor> ordered(Tensor body, Tensor head) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("body", body);
        tensors.put("head", head);
        return tensors;
    }

    private static NamedFisher accumulators(Tensor body, Tensor head) {
        Provenance.Builder provenance = Provenance.newBuilder().setKind(Kind.ACCUMULATOR);
        OptimizerGroups.set(provenance, Map.of("body", ADAM, "head", ADAGRAD));
        return new NamedFisher("squisher", new FisherDiagonal(ordered(body, head), provenance.build()));
    }

    private static NamedFisher doubles() {
        return accumulators(vector(3, 0), vector(3, 13));
    }

    @TestFactory
    List<DynamicTest> scoresAreCorrectedByTensor() {
        WeightSource model = model(ordered(vector(1, 2), vector(3, 4)));
        // Masks and pruning look at ratios: their scale is none, so that both sides are 8 times smaller.
        Function<NamedFisher, Function<String, Tensor>> statistic = named -> new LossRiseScoring(model, named)::of;
        Function<NamedFisher, Function<String, Tensor>> mask = named -> new FisherScoring(named)::of;
        Function<NamedFisher, Function<String, Tensor>> importance =
                named -> new FisherImportance(named, FisherScale.BATCH)::of;
        return List.of(scores("prune", statistic, 8), scores("mask", mask, 8), scores("ewc", importance, 1));
    }

    private static DynamicTest scores(
            String name, Function<NamedFisher, Function<String, Tensor>> application, double times) {
        return DynamicTest.dynamicTest(name, () -> {
            for (String tensor : CORRECTED.keySet()) {
                double[] expected = application
                        .apply(fisher("fisher", CORRECTED))
                        .apply(tensor)
                        .toDoubles();
                double[] actual = application.apply(doubles()).apply(tensor).toDoubles();
                for (int i = 0; i < actual.length; i++) {
                    actual[i] *= times;
                }
                assertArrayEquals(expected, actual, 1e-12, tensor);
            }
        });
    }

    @Test
    void embeddingsAreCorrectedByTensor() {
        Grouping elements =
                new Grouping(Grouping.Kind.ELEMENT, Grouping.FilterAxis.FIRST, Grouping.Vectors.KEEP, Optional.empty());
        assertArrayEquals(
                TaskEmbedding.of(fisher("fisher", CORRECTED), elements, FisherScale.BATCH)
                        .values(),
                TaskEmbedding.of(doubles(), elements, FisherScale.BATCH).values(),
                1e-12);
    }

    @Test
    void mergesAreCorrectedByTensorInBothPrecisions() {
        MergeMethod method = new FisherMethod(FisherMergeOptions.PLAIN);
        for (boolean wide : new boolean[] {true, false}) {
            NamedFisher stored = wide ? doubles() : accumulators(floats(3, 0), floats(3, 13));
            Map<String, Tensor> fisher = wide ? CORRECTED : ordered(floats(32, 0), floats(1.6f, 9.6f));
            Map<String, Tensor> expected = merged(method, fisher("fisher", fisher), wide);
            merged(method, stored, wide)
                    .forEach((name, tensor) -> assertArrayEquals(
                            expected.get(name).toDoubles(), tensor.toDoubles(), 1e-6, name + ", float64: " + wide));
        }
    }

    @Test
    void gradientMatchingIsCorrectedByTensor() {
        Function<NamedFisher, MergeMethod> method = named -> new UbgmMethod(input(named, true, 0), UbgmOptions.PLAIN);
        NamedFisher corrected = fisher("fisher", CORRECTED);
        Map<String, Tensor> expected = merged(method.apply(corrected), corrected, true);
        merged(method.apply(doubles()), doubles(), true)
                .forEach((name, tensor) ->
                        assertArrayEquals(expected.get(name).toDoubles(), tensor.toDoubles(), 1e-12, name));
    }

    /** The merge with a model whose Fisher is known and of another shape in both tensors. */
    private Map<String, Tensor> merged(MergeMethod method, NamedFisher first, boolean wide) {
        NamedFisher second =
                fisher("second", wide ? ordered(vector(5, 7), vector(11, 13)) : ordered(floats(5, 7), floats(11, 13)));
        return Merge.plan(List.of(input(first, wide, 1), input(second, wide, 2)), method, MergeOptions.DEFAULT)
                .tensors();
    }

    private MergeInput input(NamedFisher fisher, boolean wide, int seed) {
        Map<String, Tensor> weights = wide
                ? ordered(vector(seed, 4 + seed), vector(3 * seed, 6 - seed))
                : ordered(floats(seed, 4 + seed), floats(3 * seed, 6 - seed));
        return new MergeInput(model(weights), Optional.of(fisher), 1);
    }
}
