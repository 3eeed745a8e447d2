package io.squisher.apps.cli.command.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Run;
import io.squisher.fisher.FisherFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.proto.Accumulator;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.StridedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a PyTorch checkpoint to a Squisher for an ONNX export of the same model. */
class ConvertAndMapCommandTest {
    /** Written by PyTorch: see {@code write_torch_files.py} in protos. */
    private static final Path TORCH = Path.of("../../protos/src/test/resources/pytorch");

    @TempDir
    Path folder;

    private Path out;

    @BeforeEach
    void output() {
        out = folder.resolve("out.safetensors");
    }

    @Test
    void aTrainersGroupsArePairedAndReported() {
        Run run = Run.of("convert", TORCH.resolve("trainer.pt"), "--batch-size", 8, "-o", out);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("order of the groups with and without weight decay"), run.out());
        assertTrue(run.err().contains("stems from 3 steps, fewer than the 50"), run.err());
        try (FisherFile file = FisherFile.open(out)) {
            Accumulator accumulator = file.diagonal().provenance().getAccumulator();
            assertEquals(8, accumulator.getBatchSize());
            assertEquals(3, accumulator.getStep());
            assertTrue(!file.diagonal().provenance().getWeightsHash().isEmpty());
            assertEquals(8, file.diagonal().names().size());
        }
    }

    @Test
    void whatTheFileLacksIsGivenByFlags() {
        Run run = Run.of(
                "convert",
                TORCH.resolve("adam.pt"),
                "--batch-size",
                4,
                "--dataset-size",
                100,
                "--loss-reduction",
                "sum",
                "--decay",
                0.9,
                "--step",
                77,
                "--json",
                "-o",
                out);
        assertEquals(0, run.exitCode(), run.err());
        JsonObject accumulator = JsonParser.parseString(run.out())
                .getAsJsonObject()
                .getAsJsonObject("provenance")
                .getAsJsonObject("accumulator");
        assertEquals("SUM", accumulator.get("lossReduction").getAsString());
        assertEquals("77", accumulator.get("step").getAsString());
        assertEquals("caller", accumulator.get("stepSource").getAsString());
        assertEquals(0.9, accumulator.get("decay").getAsDouble());
    }

    @Test
    void refusalsAreOneLineAndLeaveNothing() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "hello");
        for (Object[] words : new Object[][] {
            {"convert", TORCH.resolve("sgd.pt"), "-o", out},
            {"convert", TORCH.resolve("adamax.pt"), "-o", out},
            {"convert", text, "-o", out},
            {"convert", folder.resolve("missing.pt"), "-o", out},
            {"convert", TORCH.resolve("views.pt"), "-o", out}
        }) {
            Run run = Run.of(words);
            assertEquals(1, run.exitCode(), run.out());
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(Files.notExists(out));
        }
        assertEquals(2, Run.of("convert", TORCH.resolve("adam.pt")).exitCode());
    }

    @Test
    void aDryRunWritesNothing() {
        Run run = Run.of("convert", TORCH.resolve("adam.pt"), "--dry-run");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("first.weight"), run.out());
    }

    /** The export transposes one weight, renames another, and joins two; one parameter was computed anew. */
    private Path export(WeightSource weights, boolean withUnknown) throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder();
        Map<String, Tensor> initializers = new LinkedHashMap<>();
        initializers.put("onnx::MatMul_12", StridedTensor.permuted(weights.tensor("first.weight"), 1, 0));
        initializers.put("renamed", weights.tensor("second.weight"));
        initializers.put("head.bias", weights.tensor("head.bias"));
        if (withUnknown) {
            initializers.put("folded", Tensor.of(Shape.of(4), 9f, 8f, 7f, 6f));
        }
        initializers.forEach((name, tensor) -> {
            graph.addInitializer(OnnxTensors.write(name, tensor));
            graph.addNode(NodeProto.newBuilder().setOpType("Identity").addInput(name));
        });
        graph.addOutput(ValueInfoProto.newBuilder().setName("y"));
        return Files.write(
                folder.resolve("model.onnx"),
                ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build().toByteArray());
    }

    @Test
    void theFisherFollowsTheWeights() throws IOException {
        Path checkpoint = TORCH.resolve("adam.pt");
        Path squisher = folder.resolve("s.safetensors");
        assertEquals(0, Run.of("convert", checkpoint, "-o", squisher).exitCode());
        Path model;
        try (WeightSource weights = io.squisher.format.WeightFormats.open(checkpoint)) {
            model = export(weights, false);
        }
        Run run = Run.of("map", squisher, "--weights", checkpoint, "--to", model, "-o", out);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("first.weight (transposed)"), run.out());
        try (FisherFile before = FisherFile.open(squisher);
                FisherFile after = FisherFile.open(out)) {
            assertArrayEquals(
                    StridedTensor.permuted(before.diagonal().tensor("first.weight"), 1, 0)
                            .toFloats(),
                    after.diagonal().tensor("onnx::MatMul_12").toFloats());
            assertArrayEquals(
                    before.diagonal().tensor("second.weight").toFloats(),
                    after.diagonal().tensor("renamed").toFloats());
        }
    }

    @Test
    void aParameterWithoutCounterpartStopsTheMappingUnlessAllowed() throws IOException {
        Path checkpoint = TORCH.resolve("adam.pt");
        Path squisher = folder.resolve("s.safetensors");
        assertEquals(0, Run.of("convert", checkpoint, "-o", squisher).exitCode());
        Path model;
        try (WeightSource weights = io.squisher.format.WeightFormats.open(checkpoint)) {
            model = export(weights, true);
        }
        Run run = Run.of("map", squisher, "--weights", checkpoint, "--to", model, "-o", out);
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("'folded': no tensor has these values"), run.err());
        assertTrue(Files.notExists(out));
        run = Run.of("map", squisher, "--weights", checkpoint, "--to", model, "--allow-partial", "-o", out);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(Files.exists(out));
    }

    @Test
    void weightsThatTheFisherDoesNotBelongToAreRefused() {
        Path squisher = folder.resolve("s.safetensors");
        assertEquals(
                0, Run.of("convert", TORCH.resolve("adam.pt"), "-o", squisher).exitCode());
        Path other = TORCH.resolve("radam.pt");
        Run run = Run.of("map", squisher, "--weights", other, "--to", other, "-o", out);
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("the Fisher belongs to other weights than those in '" + other + "'"), run.err());
    }

    @Test
    void inspectSaysWhatTheOptimizerKeeps() {
        Run run = Run.of("inspect", TORCH.resolve("adam.pt"));
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(
                run.out().contains("optimizer: Adam (exp_avg_sq), decay 0.999, step 3, 8 parameters by number"),
                run.out());
        run = Run.of("inspect", TORCH.resolve("zero3"));
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("DeepSpeed checkpoint"), run.out());
        run = Run.of("inspect", TORCH.resolve("sgd.pt"));
        assertTrue(run.out().contains("optimizer: none that can be converted: "), run.out());
    }

    @Test
    void aSafetensorsModelNeedsTheOrder() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Path model = folder.resolve("model.safetensors");
        try (WeightSource weights = io.squisher.format.WeightFormats.open(TORCH.resolve("adam.pt"))) {
            weights.names().stream().sorted().forEach(name -> tensors.put(name, weights.tensor(name)));
            SafetensorsWriter.write(model, tensors, Map.of());
        }
        Run run = Run.of("convert", TORCH.resolve("adam.pt"), "--model", model, "-o", out);
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("several parameters share a shape"), run.err());
        assertTrue(Files.notExists(out));
    }
}
