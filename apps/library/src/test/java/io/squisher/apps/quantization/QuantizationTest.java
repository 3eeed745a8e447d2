package io.squisher.apps.quantization;

import static io.squisher.apps.Fixtures.fisher;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.Fixtures;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.quantization.number.Candidate;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizationTest {
    private static final Shape SHAPE = Shape.of(6, 70);

    @TempDir
    Path folder;

    private WeightSource model() {
        Random random = new Random(31);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : new String[] {"a", "b"}) {
            float[] values = new float[420];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            tensors.put(name, Tensor.of(SHAPE, values));
        }
        tensors.put("bias", Fixtures.floats(1, 2));
        return Fixtures.model(folder.resolve("m.safetensors"), tensors);
    }

    private static NamedFisher ones() {
        double[] ones = new double[420];
        java.util.Arrays.fill(ones, 1);
        return fisher("f", Map.of("a", Tensor.of(SHAPE, ones), "b", Tensor.of(SHAPE, ones)));
    }

    private static QuantizationPlan uniform(WeightSource model, String format, ChannelAxes axes) {
        return QuantizationPlan.uniform(model, Candidate.of(format), Optional.empty(), axes);
    }

    /** (q − z)·s in float32, as an ONNX runtime computes it, is the rounded weight bit for bit. */
    @Test
    void codesTimesScalesAreTheRoundedWeights() {
        try (WeightSource model = model()) {
            int seen = 0;
            for (Candidate candidate : Candidate.all()) {
                for (ChannelAxes axes : List.of(ChannelAxes.FIRST, ChannelAxes.LAST)) {
                    QuantizedModel quantized = Quantization.plan(
                            model, uniform(model, candidate.name(), axes), Optional.of(ones()), false);
                    QuantizedTensor tensor = quantized.tensors().get("a");
                    if (tensor.codes().isEmpty()) {
                        continue;
                    }
                    QuantizedTensor.Codes codes = tensor.codes().get();
                    long[] whole = codes.codes().toLongs();
                    float[] scales = codes.scales().toFloats();
                    long[] zeros = codes.zeroPoints().toLongs();
                    float[] rounded = tensor.rounded().toFloats();
                    for (int i = 0; i < whole.length; i++) {
                        int slot = slot(codes, i);
                        assertEquals((float) (whole[i] - zeros[slot]) * scales[slot], rounded[i], candidate.name());
                        assertTrue(whole[i] >= codes.format().leastCode()
                                && whole[i] <= codes.format().mostCode());
                    }
                    seen++;
                }
            }
            assertEquals(40, seen);
        }
    }

    private static int slot(QuantizedTensor.Codes codes, int i) {
        if (codes.axis() < 0) {
            return 0;
        }
        int[] index = {i / 70, i % 70};
        if (codes.groupSize() == 0) {
            return index[codes.axis()];
        }
        index[codes.axis()] /= codes.groupSize();
        return (int) (index[0] * codes.scales().shape().dim(1) + index[1]);
    }

    @Test
    void tablesAndCodesAreTheRoundedWeights() {
        try (WeightSource model = model()) {
            QuantizedModel quantized = Quantization.plan(
                    model, uniform(model, "table3-channel", ChannelAxes.FIRST), Optional.of(ones()), false);
            assertEquals(
                    List.of("a.table", "a.codes", "b.table", "b.codes"),
                    List.copyOf(quantized.tables().keySet()));
            Tensor tables = quantized.tables().get("a.table");
            assertEquals(Shape.of(6, 8), tables.shape());
            long[] codes = quantized.tables().get("a.codes").toLongs();
            float[] expected = new float[codes.length];
            for (int i = 0; i < codes.length; i++) {
                expected[i] = tables.toFloats()[i / 70 * 8 + (int) codes[i]];
            }
            assertArrayEquals(expected, quantized.rounded().get("a").toFloats());
            // 8 values of 32 bits for 70 weights of 3 bits.
            assertTrue(quantized.summary().equals("2 tensors rounded to 6.6571 bits a weight"), quantized.summary());
        }
    }

    @Test
    void aPlanReadAgainRoundsTheSame() {
        try (WeightSource model = model()) {
            PrecisionPlan plan =
                    new PrecisionPlanner(PrecisionOptions.ofBudget(6), ChannelAxes.LAST).plan(model, ones());
            String json = PlanJson.of(plan, 6, OptionalInt.empty()).toString();
            QuantizationPlan read = PlanJson.read("plan.json", json);
            assertEquals(QuantizationPlan.of(plan).tensors(), read.tensors());
            QuantizedModel quantized = Quantization.plan(model, read, Optional.empty(), false);
            // What was expected is what is done.
            double error = 0;
            for (String name : List.of("a", "b")) {
                double[] before = model.tensor(name).toDoubles();
                double[] after = quantized.rounded().get(name).toDoubles();
                for (int i = 0; i < before.length; i++) {
                    error += (before[i] - after[i]) * (before[i] - after[i]);
                }
            }
            assertEquals(plan.chosen().error(), error, 1e-12 * error);
            assertEquals(plan.chosen().loss(), 0.5 * error, 1e-12 * error);
            String metadata = quantized.metadata().get("squisher.quantize");
            assertTrue(
                    metadata.startsWith(
                            "{\"budget_bits_per_weight\":\"6.0\",\"fisher\":\"f\",\"fisher_kind\":\"empirical\","
                                    + "\"method\":\"fisher\","),
                    metadata);
            assertFalse(quantized.rounded().containsKey("bias"));
        }
    }

    @Test
    void weightsOfSixteenBitsHaveScalesOfSixteenBits() {
        java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        double[] values = {1, -0.3, 0.7, 0.01};
        for (int i = 0; i < 4; i++) {
            ElementType.F16.putDouble(bytes, 2 * i, values[i]);
        }
        Map<String, Tensor> tensors = Map.of("w", Tensor.of(ElementType.F16, Shape.of(2, 2), bytes));
        try (WeightSource model = Fixtures.model(folder.resolve("half.safetensors"), tensors)) {
            QuantizedModel quantized =
                    Quantization.plan(model, uniform(model, "int4-tensor", ChannelAxes.FIRST), Optional.empty(), false);
            QuantizedTensor.Codes codes = quantized.tensors().get("w").codes().orElseThrow();
            assertEquals(ElementType.F16, codes.scales().type());
            // 1/7 in float16.
            assertEquals(0.142822265625, codes.scales().toDoubles()[0]);
            assertEquals(ElementType.F16, quantized.rounded().get("w").type());
            assertArrayEquals(new long[] {7, -2, 5, 0}, codes.codes().toLongs());
        }
    }

    private static void refuses(String expected, Runnable call) {
        String message = assertThrows(SquisherException.class, call::run).getMessage();
        assertTrue(message.contains(expected), message);
    }

    private static QuantizationPlan read(String text) {
        return PlanJson.read("p.json", text);
    }

    @Test
    void refusesPlansThatAreNone() {
        refuses("'p.json' is no quantization plan; 'squisher sensitivity' writes one", () -> read("{}"));
        refuses("'p.json' is no quantization plan", () -> read("[1]"));
        refuses("'p.json' is no quantization plan: ", () -> read("{"));
        refuses("'p.json' is no quantization plan: ", () -> read("{\"squisher_plan\":\"quantization\",\"tensors\":3}"));
        refuses("the plan 'p.json' names no tensors", () -> read("{\"squisher_plan\":\"quantization\"}"));
        refuses(
                "the plan 'p.json' names no format for 'w'",
                () -> read("{\"squisher_plan\":\"quantization\",\"tensors\":{\"w\":{}}}"));
        refuses(
                "the plan 'p.json', tensor 'w': there is no number format 'int5'",
                () -> read("{\"squisher_plan\":\"quantization\",\"tensors\":{\"w\":{\"format\":\"int5\"}}}"));
    }

    @Test
    void refusesPlansOfOtherModels() {
        try (WeightSource model = model()) {
            String start = "{\"squisher_plan\":\"quantization\",\"tensors\":{";
            refuses(
                    "the plan names the tensor 'x' that",
                    () -> Quantization.plan(
                            model, read(start + "\"x\":{\"format\":\"int4-tensor\"}}}"), Optional.empty(), false));
            refuses(
                    "the plan names 'bias', which is F32[2]; floating-point tensors of at least two axes are rounded",
                    () -> Quantization.plan(
                            model, read(start + "\"bias\":{\"format\":\"int4-tensor\"}}}"), Optional.empty(), false));
            refuses(
                    "the plan counts the channels of 'a' along axis 2, which [6, 70] has not",
                    () -> Quantization.plan(
                            model,
                            read(start + "\"a\":{\"format\":\"int4-tensor\",\"channel_axis\":2}}}"),
                            Optional.empty(),
                            false));
            refuses(
                    "the tables of 'a' are fitted by a Fisher; give it with --fisher",
                    () -> Quantization.plan(
                            model, read(start + "\"a\":{\"format\":\"table3-channel\"}}}"), Optional.empty(), false));
            QuantizationPlan other = read(start + "\"a\":{\"format\":\"int4-tensor\"}},\"weights_hash\":\"00\"}");
            refuses(
                    "the plan was made for other weights than those in",
                    () -> Quantization.plan(model, other, Optional.empty(), false));
            assertEquals(
                    1,
                    Quantization.plan(model, other, Optional.empty(), true)
                            .tensors()
                            .size());
        }
    }

    @Test
    void theScaleOfAnAccumulatorChangesTheLossAndNotThePlan() {
        try (WeightSource model = model()) {
            PrecisionOptions options = PrecisionOptions.ofBudget(5);
            PrecisionPlan plan = new PrecisionPlanner(options, ChannelAxes.FIRST).plan(model, ones());
            PrecisionOptions scaled = new PrecisionOptions(
                    5, PlanMethod.FISHER, Candidate.usual(), FisherScale.of(8), Optional.empty(), false);
            NamedFisher unknown = new NamedFisher(
                    "f",
                    new io.squisher.fisher.FisherDiagonal(
                            Map.of(
                                    "a",
                                    ones().diagonal().tensor("a"),
                                    "b",
                                    ones().diagonal().tensor("b")),
                            io.squisher.proto.Provenance.getDefaultInstance()));
            PrecisionPlan larger = new PrecisionPlanner(scaled, ChannelAxes.FIRST).plan(model, unknown);
            assertEquals(plan.chosen().formats(), larger.chosen().formats());
            assertEquals(
                    8 * plan.chosen().loss(),
                    larger.chosen().loss(),
                    1e-12 * larger.chosen().loss());
        }
    }
}
