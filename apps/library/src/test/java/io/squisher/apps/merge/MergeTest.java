package io.squisher.apps.merge;

import static io.squisher.apps.Fixtures.fisher;
import static io.squisher.apps.Fixtures.floats;
import static io.squisher.apps.Fixtures.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.Fixtures;
import io.squisher.apps.ModelsOnDisk;
import io.squisher.apps.merge.MergeOptions.Excluded;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.proto.Provenance;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MergeTest extends ModelsOnDisk {
    private static final FisherMethod PLAIN = new FisherMethod(FisherMergeOptions.PLAIN);

    private MergeInput input(Tensor weights, Tensor fisher, double weight) {
        String label = "f" + models();
        return new MergeInput(model(Map.of("w", weights)), Optional.of(fisher(label, Map.of("w", fisher))), weight);
    }

    private static MergePlan plan(MergeMethod method, MergeInput... models) {
        return Merge.plan(List.of(models), method, MergeOptions.DEFAULT);
    }

    private static double[] merged(MergeMethod method, MergeInput... models) {
        return plan(method, models).tensors().get("w").toDoubles();
    }

    @Test
    void averagesByWeight() {
        double[] mean = merged(
                new AverageMethod(), input(vector(1, -2), vector(1, 1), 3), input(vector(5, 2), vector(1, 1), 1));
        assertArrayEquals(new double[] {2, -1}, mean, 1e-15);
    }

    @Test
    void weighsByFisher() {
        // (3·1 + 1·5)/4 = 2; (0·(-2) + 7·2)/7 = 2; both Fishers 0: the mean of 4 and 8.
        double[] merged =
                merged(PLAIN, input(vector(1, -2, 4), vector(3, 0, 0), 1), input(vector(5, 2, 8), vector(1, 7, 0), 1));
        assertArrayEquals(new double[] {2, 2, 6}, merged, 1e-15);
    }

    @Test
    void multipliesFishersByTheModelsWeights() {
        // (2·3·1 + 1·6·5)/12 = 3; both 0: (2·4 + 1·10)/3 = 6.
        double[] merged = merged(PLAIN, input(vector(1, 4), vector(3, 0), 2), input(vector(5, 10), vector(6, 0), 1));
        assertArrayEquals(new double[] {3, 6}, merged, 1e-15);
    }

    private static FisherMethod variant(
            FisherMergeOptions.Floor floor, FisherMergeOptions.Normalization normalization) {
        return new FisherMethod(new FisherMergeOptions(floor, 0.5, normalization, FisherMergeOptions.PLAIN.scale()));
    }

    @Test
    void floorsTheTargetAllOrEveryEntry() {
        MergeInput a = input(vector(4, 4), vector(0, 1), 1);
        MergeInput b = input(vector(8, 8), vector(0, 0), 1);
        FisherMergeOptions.Normalization none = FisherMergeOptions.Normalization.NONE;

        assertArrayEquals(new double[] {4, 4}, merged(variant(FisherMergeOptions.Floor.TARGET, none), a, b), 1e-12);
        assertArrayEquals(
                new double[] {6, 8 - 4 / 1.5}, merged(variant(FisherMergeOptions.Floor.ALL, none), a, b), 1e-12);
        assertArrayEquals(new double[] {6, 5}, merged(variant(FisherMergeOptions.Floor.ADD, none), a, b), 1e-12);
    }

    @Test
    void dividesByTheNormOfTheWholeFisher() {
        // ‖(3,4)‖ = 5, ‖(6,8)‖ = 10: both become (0.6, 0.8), so the mean.
        FisherMethod method = variant(FisherMergeOptions.Floor.NONE, FisherMergeOptions.Normalization.L2);
        double[] merged = merged(method, input(vector(1, 1), vector(3, 4), 1), input(vector(2, 3), vector(6, 8), 1));
        assertArrayEquals(new double[] {1.5, 2}, merged, 1e-12);
    }

    @Test
    void normalisesOverAllMergedTensorsAndRefusesAZeroFisher() {
        FisherMethod method = variant(FisherMergeOptions.Floor.NONE, FisherMergeOptions.Normalization.L2);
        MergeInput zero = input(vector(1), vector(0), 1);
        MergeInput one = input(vector(1), vector(1), 1);
        SquisherException e = assertThrows(SquisherException.class, () -> plan(method, one, zero));
        assertTrue(e.getMessage().contains("'f0' is 0"), e.getMessage());
    }

    @Test
    void oneFactorOnAllFishersChangesNothingAndOneOnASingleFisherDoes() {
        Tensor a = floats(1, 2, 3);
        Tensor b = floats(-4, 5, 0.5f);
        double[] plain = merged(PLAIN, input(a, vector(1, 2, 3), 1), input(b, vector(3, 1, 1), 1));
        double[] scaled =
                merged(PLAIN, input(a, vector(1e-20, 2e-20, 3e-20), 1), input(b, vector(3e-20, 1e-20, 1e-20), 1));
        double[] other = merged(PLAIN, input(a, vector(10, 20, 30), 1), input(b, vector(3, 1, 1), 1));
        assertArrayEquals(plain, scaled, 1e-6);
        assertTrue(Math.abs(plain[0] - other[0]) > 0.1);
    }

    @Test
    void theOrderOfModelsDoesNotMatter() {
        Tensor a = vector(1, 2);
        Tensor b = vector(5, -7);
        Tensor c = vector(0, 3);
        Tensor f = vector(0.1, 3);
        Tensor g = vector(2, 0.5);
        double[] one = merged(PLAIN, input(a, f, 1), input(b, g, 2), input(c, f, 3));
        double[] two = merged(PLAIN, input(c, f, 3), input(a, f, 1), input(b, g, 2));
        assertArrayEquals(one, two, 1e-14);
    }

    @Test
    void mergingARealModelWithItselfIsTheIdentity() {
        WeightSource source = fixture("lenet_cnn");
        try (FisherFile exact = FisherFile.open(Fixtures.path("lenet_cnn/fisher_exact.safetensors"));
                FisherFile empirical = FisherFile.open(Fixtures.path("lenet_cnn/fisher_empirical.safetensors"))) {
            MergeInput one = new MergeInput(source, Optional.of(new NamedFisher("exact", exact.diagonal())), 1);
            MergeInput two = new MergeInput(source, Optional.of(new NamedFisher("empirical", empirical.diagonal())), 3);
            MergePlan plan = plan(PLAIN, one, two);
            assertEquals(8, plan.count(Treatment.MERGED));
            plan.tensors()
                    .forEach((name, tensor) ->
                            assertArrayEquals(source.tensor(name).toFloats(), tensor.toFloats(), name));
        }
    }

    @Test
    void averagesStatisticsWhateverTheMethod() {
        WeightSource source = fixture("bn_cnn");
        try (FisherFile file = FisherFile.open(Fixtures.path("bn_cnn/fisher_empirical.safetensors"))) {
            MergeInput one = new MergeInput(source, Optional.of(new NamedFisher("f", file.diagonal())), 1);
            MergePlan plan = plan(PLAIN, one, one);
            assertEquals(Treatment.AVERAGED, plan.treatments().get("1.running_var"));
            assertEquals(4, plan.count(Treatment.AVERAGED));
        }
    }

    @Test
    void leavesExcludedParametersToTheFirstModelOrTheAverage() {
        Map<String, Tensor> a = Map.of("body", vector(1), "head", vector(1));
        Map<String, Tensor> b = Map.of("body", vector(3), "head", vector(5));
        List<MergeInput> models =
                List.of(new MergeInput(model(a), Optional.empty(), 1), new MergeInput(model(b), Optional.empty(), 1));
        Optional<Pattern> head = Optional.of(Pattern.compile("hea"));

        MergePlan first = Merge.plan(
                models, new AverageMethod(), new MergeOptions(head, Excluded.FIRST, Optional.empty(), false));
        assertEquals(java.util.Set.of("body"), first.tensors().keySet());
        MergePlan average = Merge.plan(
                models, new AverageMethod(), new MergeOptions(head, Excluded.AVERAGE, Optional.empty(), false));
        assertArrayEquals(new double[] {3}, average.tensors().get("head").toDoubles());
    }

    @Test
    void reportsAllDifferencesAtOnce() {
        WeightSource a = model(Map.of("x", vector(1), "y", vector(1), "z", vector(1)));
        WeightSource b = model(Map.of("x", vector(1, 2), "q", vector(1), "z", vector(1)));
        List<MergeInput> models = List.of(
                new MergeInput(a, Optional.of(fisher("fa", Map.of("x", vector(1), "o", vector(1)))), 1),
                new MergeInput(b, Optional.empty(), 1));
        String message = assertThrows(SquisherException.class, () -> Merge.plan(models, PLAIN, MergeOptions.DEFAULT))
                .getMessage();
        List.of(
                        "lacks the tensors 'y' of",
                        "has the tensors 'q' that",
                        "'x' F64[1] and F64[2]",
                        "has no Fisher",
                        "'fa' lacks the parameters 'y', 'z'",
                        "'fa' has the tensors 'o' that")
                .forEach(part -> assertTrue(
                        message.contains(part) || message.contains(part.replace("'y', 'z'", "'z', 'y'")),
                        part + " in " + message));
    }

    @Test
    void refusesEntriesThatNoFisherHas() {
        for (double entry : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1e-30}) {
            MergePlan plan =
                    plan(PLAIN, input(vector(1, 1), vector(0, entry), 1), input(vector(1, 1), vector(1, 1), 1));
            SquisherException e = assertThrows(
                    SquisherException.class, () -> plan.tensors().get("w").toDoubles());
            assertTrue(e.getMessage().contains("tensor 'w' has " + entry + " at element 1"), e.getMessage());
        }
    }

    @Test
    void refusesAFisherOfOtherWeightsUnlessAllowed() {
        WeightSource a = model(Map.of("w", vector(1)));
        WeightSource b = model(Map.of("w", vector(2)));
        Provenance ofA = Provenance.newBuilder()
                .setKind(Provenance.Kind.EXACT)
                .setWeightsHash(ContentHash.of(List.of("w"), a::tensor))
                .build();
        NamedFisher fisher = new NamedFisher("fa.safetensors", new FisherDiagonal(Map.of("w", vector(1)), ofA));
        List<MergeInput> models =
                List.of(new MergeInput(a, Optional.of(fisher), 1), new MergeInput(b, Optional.of(fisher), 1));

        String message = assertThrows(SquisherException.class, () -> Merge.plan(models, PLAIN, MergeOptions.DEFAULT))
                .getMessage();
        assertTrue(message.contains("'fa.safetensors' belongs to other weights than those in '" + b.path()), message);
        Merge.plan(models, PLAIN, new MergeOptions(Optional.empty(), Excluded.FIRST, Optional.empty(), true));
    }

    @Test
    void recordsTheVariant() {
        FisherMethod method = variant(FisherMergeOptions.Floor.TARGET, FisherMergeOptions.Normalization.L2);
        String metadata = plan(method, input(vector(1), vector(1), 1), input(vector(1), vector(2), 4))
                .metadata()
                .get(MergeMetadata.KEY);
        List.of("\"method\":\"fisher\"", "\"floor\":\"target\"", "\"floor_value\":\"0.5\"", "\"l2\"", "\"weight\":4.0")
                .forEach(part -> assertTrue(metadata.contains(part), part + " in " + metadata));
    }

    @Test
    void weighsTensorsByTheFirstFilterInTheirName() {
        ModelWeight share = ModelWeight.of(List.of(new ModelWeight.Rule("att", 3), new ModelWeight.Rule("", 1)));
        Map<String, Tensor> a = Map.of("layer.att.w", vector(0), "layer.mlp.w", vector(0));
        Map<String, Tensor> b = Map.of("layer.att.w", vector(4), "layer.mlp.w", vector(4));
        List<MergeInput> models = List.of(
                new MergeInput(model(a), Optional.empty(), 1), new MergeInput(model(b), Optional.empty(), share));
        MergePlan plan = Merge.plan(models, new AverageMethod(), MergeOptions.DEFAULT);
        assertArrayEquals(new double[] {3}, plan.tensors().get("layer.att.w").toDoubles());
        assertArrayEquals(new double[] {2}, plan.tensors().get("layer.mlp.w").toDoubles());
        assertTrue(plan.metadata().get(MergeMetadata.KEY).contains("att=3.0, *=1.0"));
    }

    @Test
    void refusesTensorsWithoutWeight() {
        ModelWeight share = ModelWeight.of(List.of(new ModelWeight.Rule("w", 0), new ModelWeight.Rule("", 1)));
        MergeInput none = new MergeInput(model(Map.of("w", vector(1))), Optional.empty(), share);
        SquisherException e = assertThrows(SquisherException.class, () -> plan(new AverageMethod(), none, none));
        assertTrue(e.getMessage().contains("all models are 0 for 'w'"), e.getMessage());
    }

    @Test
    void readsAndWritesEveryFloatingPointType() {
        for (ElementType type : List.of(ElementType.F16, ElementType.BF16, ElementType.F32, ElementType.F64)) {
            MergeOptions options = new MergeOptions(Optional.empty(), Excluded.FIRST, Optional.of(type), false);
            Tensor merged = Merge.plan(
                            List.of(input(floats(1, 3), vector(1, 1), 1), input(vector(2, 0), vector(1, 1), 1)),
                            PLAIN,
                            options)
                    .tensors()
                    .get("w");
            assertEquals(type, merged.type());
            assertArrayEquals(new double[] {1.5, 1.5}, merged.toDoubles());
            double[] again = merged(PLAIN, input(merged, vector(1, 1), 1), input(merged, vector(1, 2), 1));
            assertArrayEquals(new double[] {1.5, 1.5}, again);
        }
    }

    @Test
    void floatsGiveTheSameAsDoubles() {
        java.util.Random random = new java.util.Random(31);
        int size = 40_000;
        float[][] values = new float[4][size];
        for (int i = 0; i < size; i++) {
            values[0][i] = (float) random.nextGaussian();
            values[1][i] = (float) random.nextGaussian();
            values[2][i] = i % 7 == 0 ? 0 : (float) Math.exp(10 * random.nextGaussian());
            values[3][i] = i % 5 == 0 ? 0 : (float) Math.exp(10 * random.nextGaussian());
        }
        double[][] wide = new double[4][size];
        for (int array = 0; array < 4; array++) {
            for (int i = 0; i < size; i++) {
                wide[array][i] = values[array][i];
            }
        }
        for (FisherMergeOptions.Floor floor : FisherMergeOptions.Floor.values()) {
            FisherMethod method = variant(floor, FisherMergeOptions.Normalization.NONE);
            double[] narrow = merged(
                    method,
                    input(floats(values[0]), floats(values[2]), 1),
                    input(floats(values[1]), floats(values[3]), 2));
            double[] exact = merged(
                    method, input(vector(wide[0]), vector(wide[2]), 1), input(vector(wide[1]), vector(wide[3]), 2));
            for (int i = 0; i < size; i++) {
                assertEquals((float) exact[i], narrow[i], "seed 31 " + floor + " at " + i);
            }
        }
    }
}
