package io.squisher.apps.mask;

import static io.squisher.apps.Fixtures.fisher;
import static io.squisher.apps.Fixtures.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.Fixtures;
import io.squisher.apps.mask.MaskOptions.HeadCount;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.apps.topk.RandomScoring;
import io.squisher.apps.topk.Scope;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FishMaskTest {
    private static NamedFisher diagonal() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a", vector(1, 9, 0, 3));
        tensors.put("b", vector(8, 7, 2, 2));
        tensors.put("head", vector(0, 0));
        return fisher("f", tensors);
    }

    private static MaskPlan plan(double keep, Scope scope, String exclude, HeadCount count) {
        Optional<Pattern> pattern = Optional.ofNullable(exclude).map(Pattern::compile);
        return FishMask.plan(
                diagonal().diagonal(), new FisherScoring(diagonal()), new MaskOptions(keep, scope, pattern, count));
    }

    @Test
    void keepsTheLargestOverall() {
        MaskPlan plan = plan(0.3, Scope.GLOBAL, null, HeadCount.OUTSIDE);
        assertEquals(3, plan.kept());
        assertArrayEquals(new long[] {0, 1, 0, 0}, plan.masks().get("a").toLongs());
        assertArrayEquals(new long[] {1, 1, 0, 0}, plan.masks().get("b").toLongs());
        assertArrayEquals(new long[] {0, 0}, plan.masks().get("head").toLongs());
    }

    @Test
    void aShareThatKeepsNothingIsRefused() {
        String message = assertThrows(
                        SquisherException.class, () -> plan(0.04, Scope.GLOBAL, "head", HeadCount.OUTSIDE))
                .getMessage();
        assertEquals("cannot make a mask: the share 0.04 of 8 parameters keeps none of them; keep more", message);
    }

    @Test
    void keepsTheHeadAndCountsItOutsideOrInside() {
        MaskPlan outside = plan(0.5, Scope.GLOBAL, "head", HeadCount.OUTSIDE);
        assertEquals(4 + 2, outside.kept());
        assertArrayEquals(new long[] {1, 1}, outside.masks().get("head").toLongs());
        assertArrayEquals(new long[] {0, 1, 0, 1}, outside.masks().get("a").toLongs());

        // The reference: ⌊0.5 · 10⌋ − 2 = 3 beside the head.
        MaskPlan inside = plan(0.5, Scope.GLOBAL, "head", HeadCount.INSIDE);
        assertEquals(3 + 2, inside.kept());
        assertArrayEquals(new long[] {0, 1, 0, 0}, inside.masks().get("a").toLongs());
    }

    @Test
    void keepsTheShareOfEachLayer() {
        MaskPlan plan = plan(0.5, Scope.LAYER, "head", HeadCount.OUTSIDE);
        assertArrayEquals(new long[] {0, 1, 0, 1}, plan.masks().get("a").toLongs());
        assertArrayEquals(new long[] {1, 1, 0, 0}, plan.masks().get("b").toLongs());
    }

    @Test
    void takesMeansOfAbsoluteGradientsAndSaysSo() {
        Provenance provenance =
                Provenance.newBuilder().setKind(Provenance.Kind.ABSOLUTE).build();
        NamedFisher means = new NamedFisher("folder/m", new FisherDiagonal(Map.of("a", vector(1, 3, 2)), provenance));
        MaskOptions options = new MaskOptions(0.34, Scope.GLOBAL, Optional.empty(), HeadCount.OUTSIDE);
        MaskPlan plan = FishMask.plan(means.diagonal(), new FisherScoring(means), options);
        assertArrayEquals(new long[] {0, 1, 0}, plan.masks().get("a").toLongs());
        String variant = plan.metadata().get(FishMask.KEY);
        assertTrue(variant.contains("\"importance\":\"absolute\"") && variant.contains("\"fisher\":\"m\""), variant);
        SquisherException e = assertThrows(SquisherException.class, () -> Sensitivity.of(means, FisherScale.NONE));
        assertTrue(e.getMessage().contains("'folder/m' holds means of absolute gradients"), e.getMessage());
    }

    @Test
    void refusesAHeadThatExceedsTheShare() {
        SquisherException e =
                assertThrows(SquisherException.class, () -> plan(0.1, Scope.GLOBAL, "head", HeadCount.INSIDE));
        assertTrue(e.getMessage().contains("(2) already exceed the share to keep, 0.1 of 10"), e.getMessage());
        assertThrows(SquisherException.class, () -> plan(0.5, Scope.GLOBAL, ".", HeadCount.OUTSIDE));
    }

    @Test
    void aRandomMaskKeepsAsManyAndDependsOnTheSeed() {
        try (FisherFile file = FisherFile.open(Fixtures.path("lenet_cnn/fisher_exact.safetensors"))) {
            MaskOptions options = new MaskOptions(0.37, Scope.GLOBAL, Optional.empty(), HeadCount.OUTSIDE);
            MaskPlan one = FishMask.plan(file.diagonal(), RandomScoring.ofShapes(file.diagonal(), 1), options);
            MaskPlan two = FishMask.plan(file.diagonal(), RandomScoring.ofShapes(file.diagonal(), 2), options);
            assertEquals(Math.round(0.37 * 1542), ones(one));
            assertEquals(one.kept(), ones(two));
            assertTrue(!java.util.Arrays.equals(
                    one.masks().get("7.weight").toLongs(),
                    two.masks().get("7.weight").toLongs()));
        }
    }

    private static long ones(MaskPlan plan) {
        return plan.masks().values().stream()
                .mapToLong(mask -> java.util.Arrays.stream(mask.toLongs()).sum())
                .sum();
    }
}
