package io.squisher.apps.cli.command.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.format.WeightFormats;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TypeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressCommandTest {
    private static final Path LENET = Fixtures.path("lenet_cnn/model.onnx");
    private static final Path FISHER = Fixtures.path("lenet_cnn/fisher_exact.safetensors");
    private static final int SIZE = 8;
    private static final int RANK = 2;

    @TempDir
    Path folder;

    /** A matrix of rank {@value #RANK}, with small whole numbers in its factors. */
    private static TensorProto lowRank(String name, Random random) {
        float[] product = new float[SIZE * SIZE];
        for (int k = 0; k < RANK; k++) {
            int[] left = random.ints(SIZE, -2, 3).toArray();
            int[] right = random.ints(SIZE, -2, 3).toArray();
            for (int i = 0; i < product.length; i++) {
                product[i] += left[i / SIZE] * right[i % SIZE];
            }
        }
        return OnnxTensors.write(name, Tensor.of(Shape.of(SIZE, SIZE), product));
    }

    private static NodeProto.Builder node(String type, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    private static AttributeProto number(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    private static ValueInfoProto value(String name) {
        TypeProto.Tensor type = TypeProto.Tensor.newBuilder().setElemType(1).build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(type))
                .build();
    }

    /** A product of each kind, one after the other. */
    private Path products() throws IOException {
        Random random = new Random(6);
        GraphProto graph = GraphProto.newBuilder()
                .setName("products")
                .addInitializer(lowRank("right", random))
                .addInitializer(lowRank("left", random))
                .addInitializer(lowRank("gemm", random))
                .addInitializer(lowRank("turned", random))
                .addInitializer(OnnxTensors.write("bias", Tensor.of(Shape.of(SIZE), 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f)))
                .addInput(value("x"))
                .addNode(node("MatMul", "a", "x", "right"))
                .addNode(node("MatMul", "b", "left", "a"))
                .addNode(node("Gemm", "c", "b", "gemm").addAttribute(number("alpha", 0.5f)))
                .addNode(node("Gemm", "y", "c", "turned", "bias")
                        .addAttribute(number("beta", 2))
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("transB")
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(1)))
                .addOutput(value("y"))
                .build();
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(graph)
                .build();
        return Files.write(folder.resolve("products.onnx"), model.toByteArray());
    }

    private static float[] run(Path file) {
        float[] values = new float[SIZE * SIZE];
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(5) - 2;
        }
        try (InferenceSession session =
                InferenceSession.create(OnnxFile.read(file).model(), RuntimeSettings.CPU)) {
            return session.run(Map.of("x", Tensor.of(Shape.of(SIZE, SIZE), values)), Set.of("y"))
                    .get("y")
                    .toFloats();
        }
    }

    @Test
    void matricesOfThatRankGiveTheSameOutputs() throws IOException {
        Path model = products();
        Path compressed = folder.resolve("c.onnx");
        // Rank 2 has 2 × 16 of 64 weights.
        Run run = Run.done("compress", model, "--method", "svd", "--budget", "0.5", "-o", compressed);
        assertTrue(run.out().contains("4 of 4 linear layers in two products, 128 of 256 weights stay"), run.out());
        float[] expected = run(model);
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 10, "the outputs are not 0");
        assertArrayEquals(expected, run(compressed), 1e-5f * largest);
    }

    @Test
    void compressesARealModelWithinTheBudgetAndSaysWhatTheOthersWouldDo() throws IOException {
        Path out = folder.resolve("c.onnx");
        Run dry = Run.done("compress", LENET, "--fisher", FISHER, "--budget", "0.4", "--dry-run", "--json");
        JsonObject json = JsonParser.parseString(dry.out()).getAsJsonObject();
        JsonObject methods = json.getAsJsonObject("methods");
        assertEquals(Set.of("fisher", "two-sided", "svd", "uniform"), methods.keySet());
        double plain = methods.getAsJsonObject("svd").get("expected_loss").getAsDouble();
        double weighted = methods.getAsJsonObject("fisher").get("expected_loss").getAsDouble();
        assertTrue(weighted < plain, weighted + " and " + plain);
        long before = json.getAsJsonObject("compress").get("weights_before").getAsLong();
        long after = json.getAsJsonObject("compress").get("weights_after").getAsLong();
        assertTrue(after <= 0.4 * before, after + " of " + before);
        Run run = Run.done("compress", LENET, "--fisher", FISHER, "--budget", "0.4", "-o", out);
        assertTrue(run.out().contains("wrote " + out + ": "), run.out());
        assertTrue(run.out().lines().anyMatch(line -> line.startsWith("uniform ")), run.out());
        JsonObject ranks = json.getAsJsonObject("compress").getAsJsonObject("ranks");
        try (WeightSource smaller = WeightFormats.open(out)) {
            assertEquals(
                    json.get("compress"),
                    JsonParser.parseString(smaller.metadata().get("squisher.compress")));
            assertTrue(ranks.size() > 0);
            for (String name : ranks.keySet()) {
                assertFalse(smaller.names().contains(name));
                long rank = ranks.get(name).getAsLong();
                assertEquals(rank, smaller.tensor(name + "_first").shape().dim(1));
            }
        }
        Run.done("evaluate", out, "--data", Fixtures.path("lenet_cnn/data.npz"));
        Run.done(
                "fisher",
                out,
                "--data",
                Fixtures.path("lenet_cnn/data.npz"),
                "-o",
                folder.resolve("again.safetensors"));
    }

    @Test
    void refusals() {
        Path out = folder.resolve("c.onnx");
        Path tensors = folder.resolve("w.safetensors");
        SafetensorsWriter.write(tensors, Map.of("w", Tensor.of(Shape.of(4, 4), new float[16])), Map.of());
        assertTrue(Run.refused("compress", LENET, "--budget", "0.5", "-o", out)
                .endsWith("missing --fisher, by which weights count; the baseline --method svd needs none"
                        + "; see 'squisher compress --help'"));
        assertTrue(Run.refused("compress", LENET, "--method", "svd", "-o", out).contains("missing --budget"));
        assertTrue(Run.refused("compress", LENET, "--method", "svd", "--budget", "1.5", "-o", out)
                .contains("a number above 0 and at most 1"));
        assertTrue(Run.refused("compress", tensors, "--method", "svd", "--budget", "0.5", "--dry-run")
                .contains("which has no graph to put a second product into; give the ONNX model"));
        assertTrue(Run.refused("compress", LENET, "--method", "svd", "--budget", "0.001", "-o", out)
                .contains("raise --budget"));
        assertTrue(Run.refused("compress", LENET, "--method", "svd", "--budget", "0.5", "--exclude", ".", "-o", out)
                .contains("has no linear layer to compress"));
        assertFalse(Files.exists(out));
    }
}
