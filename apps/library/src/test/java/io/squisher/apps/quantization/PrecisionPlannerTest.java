package io.squisher.apps.quantization;

import static io.squisher.apps.Fixtures.fisher;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.Fixtures;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.quantization.number.Candidate;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.format.WeightFormats;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecisionPlannerTest {
    @TempDir
    Path folder;

    private static PrecisionOptions options(double budget, PlanMethod method, String... formats) {
        List<Candidate> candidates = new ArrayList<>();
        for (String format : formats) {
            candidates.add(Candidate.of(format));
        }
        return new PrecisionOptions(budget, method, candidates, FisherScale.NONE, Optional.empty(), false);
    }

    private WeightSource model(Map<String, Tensor> tensors) {
        return Fixtures.model(folder.resolve("m.safetensors"), tensors);
    }

    private static Tensor matrix(float... values) {
        return Tensor.of(Shape.of(1, values.length), values);
    }

    @Test
    void lossIsHalfTheFisherTimesTheSquaredErrorOfEachChannel() {
        // int4, one scale: s = 7/7 = 1 exactly; 0.25 goes to 0, 1.5 is a tie and goes to 2.
        Tensor weights = Tensor.of(Shape.of(2, 2), 7f, 0.25f, 1.5f, -3f);
        NamedFisher fisher = fisher("f", Map.of("w", Tensor.of(Shape.of(2, 2), 9.0, 8.0, 4.0, 5.0)));
        try (WeightSource model = model(Map.of("w", weights))) {
            PrecisionPlan plan = new PrecisionPlanner(options(32, PlanMethod.ERROR, "int4-tensor"), ChannelAxes.FIRST)
                    .plan(model, fisher);
            CandidateLoss loss = plan.tensors().get(0).losses().get(1);
            assertArrayEquals(new double[] {0.5 * 8 * 0.0625, 0.5 * 4 * 0.25}, loss.lossByChannel());
            assertArrayEquals(new double[] {0.0625, 0.25}, loss.errorByChannel());
            assertEquals(0.75, loss.loss());
            assertArrayEquals(new double[] {0.75}, loss.lossByRows(2));
            assertEquals(4 * 4 + 32, loss.bits());
            assertEquals(0, plan.tensors().get(0).losses().get(0).loss(), "stored");
        }
    }

    @Test
    void theFisherDecidesWhichTensorGetsTheBits() {
        // The same weights twice; the loss lives in b alone. 6 bits a weight are enough for one int8 and one int4.
        float[] values = new float[512];
        Random random = new Random(4);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Map<String, Tensor> weights = new LinkedHashMap<>();
        weights.put("a", matrix(values));
        weights.put("b", matrix(values.clone()));
        double[] ones = new double[512];
        java.util.Arrays.fill(ones, 1);
        NamedFisher fisher = fisher(
                "f", Map.of("a", Tensor.of(Shape.of(1, 512), new double[512]), "b", Tensor.of(Shape.of(1, 512), ones)));
        try (WeightSource model = model(weights)) {
            PrecisionPlan plan = new PrecisionPlanner(
                            options(6.2, PlanMethod.FISHER, "int8-tensor", "int4-tensor"), ChannelAxes.FIRST)
                    .plan(model, fisher);
            Map<String, CandidateLoss> chosen = plan.chosen().chosen();
            assertEquals("int4-tensor", chosen.get("a").candidate().name());
            assertEquals("int8-tensor", chosen.get("b").candidate().name());
            assertEquals(512 * 12 + 64, plan.chosen().bits());
            assertEquals(
                    "int4-tensor",
                    plan.of(PlanMethod.UNIFORM)
                            .orElseThrow()
                            .chosen()
                            .get("b")
                            .candidate()
                            .name());
            assertTrue(plan.chosen().loss()
                    < plan.of(PlanMethod.UNIFORM).orElseThrow().loss() / 100);
            assertEquals(
                    Map.of("int4-tensor", 1, "int8-tensor", 1), plan.chosen().formats());
        }
    }

    @Test
    void onARealModelPlansAreOrderedBudgetsAreKeptAndMoreBitsCostLess() {
        try (WeightSource lenet = WeightFormats.open(Fixtures.path("lenet_cnn/model.onnx"));
                FisherFile file = FisherFile.open(Fixtures.path("lenet_cnn/fisher_exact.safetensors"))) {
            NamedFisher fisher = new NamedFisher("exact", file.diagonal());
            for (double budget : new double[] {4.6, 6, 9}) {
                PrecisionPlan plan =
                        new PrecisionPlanner(PrecisionOptions.ofBudget(budget), ChannelAxes.FIRST).plan(lenet, fisher);
                plan.assignments().values().forEach(all -> assertTrue(plan.bitsPerWeight(all) <= budget));
                Assignment chosen = plan.chosen();
                Assignment error = plan.of(PlanMethod.ERROR).orElseThrow();
                Assignment uniform = plan.of(PlanMethod.UNIFORM).orElseThrow();
                assertTrue(chosen.loss() <= error.loss() && chosen.loss() <= uniform.loss(), "least loss");
                assertTrue(error.error() <= chosen.error() && error.error() <= uniform.error(), "least error");
            }
            PrecisionOptions tables = options(99, PlanMethod.FISHER, "table3-channel", "table4-channel");
            PrecisionPlan plan = new PrecisionPlanner(tables, ChannelAxes.FIRST).plan(lenet, fisher);
            for (TensorLosses tensor : plan.tensors()) {
                // The best 16 values are as good as the best 8, but for the rounding of both to float32.
                assertTrue(
                        tensor.losses().get(2).loss() <= tensor.losses().get(1).loss() * (1 + 1e-9) + 1e-16,
                        tensor.name());
            }
        }
    }

    @Test
    void withinAFamilyMoreBitsCostLess() {
        Random random = new Random(8);
        double[] sensitivities = random.doubles(4096, 0, 2).toArray();
        float[] values = new float[4096];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        NamedFisher fisher = fisher("f", Map.of("w", Tensor.of(Shape.of(16, 256), sensitivities)));
        try (WeightSource model = model(Map.of("w", Tensor.of(Shape.of(16, 256), values)))) {
            Map<String, Double> losses = new LinkedHashMap<>();
            PrecisionOptions all = new PrecisionOptions(
                    32, PlanMethod.FISHER, Candidate.all(), FisherScale.NONE, Optional.empty(), false);
            PrecisionPlan plan = new PrecisionPlanner(all, ChannelAxes.FIRST).plan(model, fisher);
            plan.tensors()
                    .get(0)
                    .losses()
                    .forEach(loss -> losses.put(loss.candidate().name(), loss.loss()));
            for (String shared : new String[] {"tensor", "channel", "group32", "group64", "group128"}) {
                assertTrue(losses.get("int8-" + shared) < losses.get("int4-" + shared) / 50);
                assertTrue(losses.get("int8-asymmetric-" + shared) < losses.get("int4-asymmetric-" + shared) / 50);
            }
            assertTrue(losses.get("fp16") < losses.get("bf16"));
            assertTrue(losses.get("bf16") < losses.get("fp8-e4m3-tensor"));
            assertTrue(losses.get("fp8-e4m3-tensor") < losses.get("fp8-e5m2-tensor"));
            assertTrue(losses.get("table4-channel") < losses.get("nf4-group64") / 1.2);
            assertTrue(losses.get("nf4-group64") < losses.get("int4-group64"));
        }
    }

    @Test
    void theOrderOfTheFileAndTheThreadsDoNotMatter() {
        Random random = new Random(12);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Map<String, Tensor> sensitivities = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(List.of("e", "a", "d", "c", "b"));
        for (String name : names) {
            float[] values = new float[40 * 12];
            double[] squares = new double[40 * 12];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
                squares[i] = Math.exp(3 * random.nextGaussian());
            }
            weights.put(name, Tensor.of(Shape.of(12, 40), values));
            sensitivities.put(name, Tensor.of(Shape.of(12, 40), squares));
        }
        NamedFisher fisher = fisher("f", sensitivities);
        String first = null;
        for (int trial = 0; trial < 4; trial++) {
            Collections.shuffle(names, random);
            Map<String, Tensor> shuffled = new LinkedHashMap<>();
            names.forEach(name -> shuffled.put(name, weights.get(name)));
            try (WeightSource model = model(shuffled)) {
                PrecisionPlan plan =
                        new PrecisionPlanner(PrecisionOptions.ofBudget(5.5), ChannelAxes.LAST).plan(model, fisher);
                String json = PlanJson.of(plan, 5.5, OptionalInt.of(8)).toString();
                first = first == null ? json : first;
                assertEquals(first, json);
            }
        }
    }

    @Test
    void biasesAndExcludedTensorsAreNeitherRoundedNorCounted() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("head", matrix(1, 2));
        tensors.put("w", matrix(3, 4));
        tensors.put("bias", Fixtures.floats(5, 6));
        NamedFisher fisher = fisher("f", Map.of("w", matrix(1, 1)));
        try (WeightSource model = model(tensors)) {
            PrecisionOptions options = new PrecisionOptions(
                    32, PlanMethod.FISHER, List.of(), FisherScale.NONE, Optional.of(Pattern.compile("head")), false);
            PrecisionPlan plan = new PrecisionPlanner(options, ChannelAxes.FIRST).plan(model, fisher);
            assertEquals(2, plan.weights());
            assertEquals("stored", plan.chosen().chosen().get("w").candidate().name());
        }
    }

    @Test
    void whatAFormatCannotHoldItIsNotChosenFor() {
        NamedFisher fisher = fisher("f", Map.of("w", matrix(0, 0)));
        try (WeightSource model = model(Map.of("w", matrix(70000, 1)))) {
            PrecisionPlan plan = new PrecisionPlanner(options(32, PlanMethod.FISHER, "fp16", "bf16"), ChannelAxes.FIRST)
                    .plan(model, fisher);
            assertEquals(
                    Double.POSITIVE_INFINITY,
                    plan.tensors().get(0).losses().get(1).loss());
            assertEquals("bf16", plan.chosen().chosen().get("w").candidate().name(), "as good as stored, and smaller");
            String json = PlanJson.of(plan, 32, OptionalInt.empty()).toString();
            assertTrue(json.contains("\"fp16\":{\"bits\":32}"), json);
        }
    }

    private void refuses(String expected, WeightSource model, NamedFisher fisher, PrecisionOptions options) {
        String message = assertThrows(SquisherException.class, () -> new PrecisionPlanner(options, ChannelAxes.FIRST)
                        .plan(model, fisher))
                .getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void refusesInOneLine() {
        PrecisionOptions options = options(4.5, PlanMethod.FISHER, "int4-tensor");
        NamedFisher ones = fisher("f", Map.of("w", matrix(1, 1)));
        try (WeightSource model = model(Map.of("w", matrix(1, 2)))) {
            refuses(
                    "no choice of these formats stays within 4.5 bits a weight, the smallest takes 20.0000; raise --budget,"
                            + " or add formats of fewer bits",
                    model,
                    ones,
                    options);
            refuses(
                    "no format takes all tensors within 4.5 bits a weight; raise --budget, or let each tensor have its own"
                            + " with --method fisher",
                    model,
                    ones,
                    options(4.5, PlanMethod.UNIFORM, "int4-tensor"));
            refuses(
                    "'f' has the tensors 'x' that",
                    model,
                    fisher("f", Map.of("w", matrix(1, 1), "x", matrix(1))),
                    options);
            refuses("'f' lacks the parameters 'w'", model, fisher("f", Map.of()), options);
            refuses("tensor 'w' has NaN at element 1", model, fisher("f", Map.of("w", matrix(1, Float.NaN))), options);
            refuses("tensor 'w' has -1.0 at element 0", model, fisher("f", Map.of("w", matrix(-1, 1))), options);
            Provenance other = Provenance.newBuilder()
                    .setKind(Provenance.Kind.EMPIRICAL)
                    .setWeightsHash("0".repeat(64))
                    .build();
            NamedFisher foreign = new NamedFisher("f", new FisherDiagonal(Map.of("w", matrix(1, 1)), other));
            refuses("'f' belongs to other weights than those in", model, foreign, options);
        }
        try (WeightSource model = model(Map.of("w", matrix(1, Float.POSITIVE_INFINITY)))) {
            refuses("parameter 'w' has Infinity at element 1; such a model cannot be quantized", model, ones, options);
        }
        try (WeightSource model = model(Map.of("w", Fixtures.floats(1, 2)))) {
            refuses("has no parameter to quantize: a floating-point tensor of at least two axes", model, ones, options);
        }
        String message = assertThrows(SquisherException.class, () -> options(0, PlanMethod.FISHER))
                .getMessage();
        assertEquals("a budget is a number of bits a weight above 0, not 0.0", message);
    }
}
