package io.squisher.apps.merge;

import static io.squisher.apps.Fixtures.fisher;
import static io.squisher.apps.Fixtures.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.ModelsOnDisk;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherScale;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UbgmMethodTest extends ModelsOnDisk {
    private MergeInput input(double weights, NamedFisher fisher, double weight) {
        return new MergeInput(model(Map.of("w", vector(weights))), Optional.of(fisher), weight);
    }

    private MergeInput input(double weights, double fisher, double weight) {
        return input(weights, fisher("f" + models(), Map.of("w", vector(fisher))), weight);
    }

    private static NamedFisher accumulator(String label, long batch) {
        Accumulator.Builder adam = Accumulator.newBuilder().setDecay(0.5).setStep(50);
        if (batch > 0) {
            adam.setBatchSize(batch);
        }
        Provenance provenance = Provenance.newBuilder()
                .setKind(Provenance.Kind.ACCUMULATOR)
                .setAccumulator(adam)
                .build();
        return new NamedFisher(label, new FisherDiagonal(Map.of("w", vector(1)), provenance));
    }

    private static double merged(UbgmOptions options, MergeInput base, MergeInput... models) {
        Tensor tensor = Merge.plan(List.of(models), new UbgmMethod(base, options), MergeOptions.DEFAULT)
                .tensors()
                .get("w");
        return tensor.toDoubles()[0];
    }

    private static void assertMerged(double expected, double actual) {
        assertArrayEquals(new double[] {expected}, new double[] {actual}, 1e-12);
    }

    @Test
    void followsThePapersFormula() {
        // F0 = 1, F1 = 2, F2 = 5: 10 + (1+2)/8 · 8 + (1+5)/8 · (-4) = 10.
        assertMerged(10, merged(UbgmOptions.PLAIN, input(10, 1, 1), input(18, 2, 1), input(6, 5, 1)));
    }

    @Test
    void usesAlphaDeltaAndMultipliers() {
        // h0 = 2·1 + 1 = 3, s1 F1 = 4, s2 F2 = 5; α = 0.5: P = 1/(4.5 + 3); 10 + 0.5 (7·8 − 8·4)/7.5.
        UbgmOptions options = new UbgmOptions(0.5, 1, FisherScale.NONE);
        assertMerged(
                10 + 0.5 * (7 * 8 - 8 * 4) / 7.5, merged(options, input(10, 1, 2), input(18, 2, 2), input(6, 5, 1)));
    }

    @Test
    void addsTaskVectorsWhereNothingIsKnown() {
        assertMerged(14, merged(UbgmOptions.PLAIN, input(10, 0, 1), input(18, 0, 1), input(6, 0, 1)));
    }

    @Test
    void becomesFisherMergingWithoutABaseFisher() {
        // F0 = 0 and α = 1: θ0 cancels, (2·18 + 6·6)/8 = 9.
        assertMerged(9, merged(UbgmOptions.PLAIN, input(10, 0, 1), input(18, 2, 1), input(6, 6, 1)));
    }

    @Test
    void modelsEqualToTheBaseChangeNothing() {
        assertMerged(3, merged(UbgmOptions.PLAIN, input(3, 0.7, 1), input(3, 0.1, 1), input(3, 9, 1)));
    }

    @Test
    void isNotScaleFreeBetweenSources() {
        double one = merged(UbgmOptions.PLAIN, input(10, 1, 1), input(18, 2, 1), input(6, 5, 1));
        double other = merged(UbgmOptions.PLAIN, input(10, 1, 1), input(18, 200, 1), input(6, 500, 1));
        assertTrue(Math.abs(one - other) > 0.1, one + " " + other);
    }

    private SquisherException refused(FisherScale scale, NamedFisher base, NamedFisher one, NamedFisher two) {
        UbgmOptions options = new UbgmOptions(1, 0, scale);
        MergeInput[] inputs = {input(1, base, 1), input(2, one, 1), input(3, two, 1)};
        return assertThrows(SquisherException.class, () -> merged(options, inputs[0], inputs[1], inputs[2]));
    }

    @Test
    void refusesMixedScalesWithTheReason() {
        NamedFisher computed = fisher("computed", Map.of("w", vector(1)));
        String none = refused(FisherScale.NONE, computed, accumulator("v8", 8), accumulator("w8", 8))
                .getMessage();
        assertTrue(none.contains("mixed scales: 'computed' are means") && none.contains("'v8', 'w8'"), none);

        String batches = refused(FisherScale.NONE, accumulator("v8", 8), accumulator("v16", 16), accumulator("w8", 8))
                .getMessage();
        assertTrue(batches.contains("batches of 8 and 16 examples"), batches);

        String unknown = refused(FisherScale.BATCH_IF_KNOWN, computed, accumulator("v", 0), accumulator("w8", 8))
                .getMessage();
        assertTrue(unknown.contains("mixed scales"), unknown);
    }

    @Test
    void mergesFishersWithAccumulatorsOfKnownBatch() {
        // 8 · 1 (bias correction at 50 steps of 0.5 is 1 to rounding) beside F0 = 2: 1 + (10/18)(1 + 3).
        MergeInput base = input(1, 2, 1);
        MergeInput one = input(2, accumulator("a", 8), 1);
        MergeInput two = input(4, accumulator("b", 8), 1);
        assertMerged(1 + 40 / 18.0, merged(UbgmOptions.PLAIN, base, one, two));
    }

    private MergePlan read(UbgmOptions options, double baseFisher) {
        List<MergeInput> models = List.of(input(18, 1, 1), input(6, 3, 1));
        MergePlan plan = Merge.plan(models, new UbgmMethod(input(10, baseFisher, 1), options), MergeOptions.DEFAULT);
        assertTrue(plan.taskVectorWeight().orElseThrow().mean().isEmpty(), "nothing was read yet");
        plan.tensors().values().forEach(Tensor::toDoubles);
        plan.tensors().values().forEach(Tensor::toDoubles);
        return plan;
    }

    @Test
    void parametersThatDoNotMoveWeighNothing() {
        // Of the first 8 + 4 with (17 + 19)/(4 + 16); the second, without any Fisher, would be added.
        MergeInput base = pair(10, 16);
        List<MergeInput> models = List.of(pair(18, 1), pair(6, 3));
        MergePlan plan = Merge.plan(models, new UbgmMethod(base, UbgmOptions.PLAIN), MergeOptions.DEFAULT);
        plan.tensors().values().forEach(Tensor::toDoubles);
        assertEquals(1.8, weight(plan), 1e-12);
    }

    private MergeInput pair(double weight, double fisher) {
        return new MergeInput(
                model(Map.of("w", vector(weight, 5))),
                Optional.of(fisher("f" + models(), Map.of("w", vector(fisher, 0)))),
                1);
    }

    private static double weight(MergePlan plan) {
        return plan.taskVectorWeight().orElseThrow().mean().orElseThrow();
    }

    @Test
    void measuresWhatTheTaskVectorsWeighAndSaysSoWhereTheyAreAdded() {
        // h0 = 16: (17 + 19)/(4 + 16) = 1.8. Without a base Fisher it is an average.
        MergePlan added = read(UbgmOptions.PLAIN, 16);
        assertEquals(1.8, weight(added), 1e-12);
        String warning = added.lateWarnings().toString();
        assertTrue(warning.contains("the 2 task vectors weigh 1.80 together"), warning);
        assertTrue(warning.contains("--alpha 0.5") && warning.contains("docs/when-it-works.md"), warning);
        assertEquals(List.of(), added.warnings());

        assertEquals(1, weight(read(UbgmOptions.PLAIN, 0)), 1e-12);
        MergePlan average = read(new UbgmOptions(0.5, 0, FisherScale.BATCH_IF_KNOWN), 16);
        assertEquals(1, weight(average), 1e-12);
        assertEquals(List.of(), average.lateWarnings());
    }

    @Test
    void namesAMissingBaseFisher() {
        MergeInput base = new MergeInput(input(1, 1, 1).weights(), Optional.empty(), 1);
        SquisherException e = assertThrows(
                SquisherException.class, () -> merged(UbgmOptions.PLAIN, base, input(2, 1, 1), input(3, 1, 1)));
        assertTrue(e.getMessage().contains("--base-fisher"), e.getMessage());
    }
}
