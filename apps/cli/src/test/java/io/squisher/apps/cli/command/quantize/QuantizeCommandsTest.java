package io.squisher.apps.cli.command.quantize;

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
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizeCommandsTest {
    private static final Path LENET = Fixtures.path("lenet_cnn/model.onnx");
    private static final Path FISHER = Fixtures.path("lenet_cnn/fisher_exact.safetensors");
    private static final int ROWS = 5;
    private static final int COLUMNS = 67;

    @TempDir
    Path folder;

    private JsonObject plan(Path file, Object... more) throws IOException {
        List<Object> words = new java.util.ArrayList<>(List.of("sensitivity", FISHER, "--weights", LENET, "-o", file));
        words.addAll(List.of(more));
        Run.done(words.toArray());
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    @Test
    void plansARealModelWithinTheBudgetAndSaysWhatTheOthersWouldDo() throws IOException {
        JsonObject plan = plan(folder.resolve("p.json"), "--budget", "6", "--row-group", "4");
        JsonObject methods = plan.getAsJsonObject("methods");
        for (String method : List.of("fisher", "error", "uniform")) {
            double bits = methods.getAsJsonObject(method).get("bits_per_weight").getAsDouble();
            assertTrue(bits > 4 && bits <= 6, method + " takes " + bits);
            assertTrue(methods.getAsJsonObject(method).get("expected_loss").getAsDouble()
                    >= methods.getAsJsonObject("fisher").get("expected_loss").getAsDouble());
        }
        JsonObject tensor = plan.getAsJsonObject("tensors")
                .entrySet()
                .iterator()
                .next()
                .getValue()
                .getAsJsonObject();
        JsonObject chosen = tensor.getAsJsonObject("candidates")
                .getAsJsonObject(tensor.get("format").getAsString());
        double sum = 0;
        for (var row : chosen.getAsJsonArray("expected_loss_of_rows")) {
            sum += row.getAsDouble();
        }
        assertEquals(chosen.get("expected_loss").getAsDouble(), sum, 1e-12 * sum);
        Run run = Run.done("sensitivity", FISHER, "--weights", LENET, "--budget", "6", "--dry-run");
        assertTrue(run.out().startsWith("dry run: 4 tensors of "), run.out());
        assertTrue(run.out().lines().anyMatch(line -> line.startsWith("uniform ")), run.out());
    }

    @Test
    void whatThePlanSaysIsDone() throws IOException {
        Path file = folder.resolve("p.json");
        JsonObject plan = plan(file, "--budget", "6");
        Path rounded = folder.resolve("r.onnx");
        Run run = Run.done("quantize", LENET, "--plan", file, "-o", rounded);
        assertTrue(run.out().contains(": 4 tensors rounded to "), run.out());
        double error = 0;
        try (WeightSource before = WeightFormats.open(LENET);
                WeightSource after = WeightFormats.open(rounded)) {
            for (String name : before.names()) {
                double[] was = before.tensor(name).toDoubles();
                double[] is = after.tensor(name).toDoubles();
                for (int i = 0; i < was.length; i++) {
                    error += (was[i] - is[i]) * (was[i] - is[i]);
                }
            }
            assertTrue(after.metadata().get("squisher.quantize").contains("\"method\":\"fisher\""));
        }
        double expected = plan.getAsJsonObject("methods")
                .getAsJsonObject("fisher")
                .get("squared_error")
                .getAsDouble();
        assertEquals(expected, error, 1e-9 * expected);
        assertTrue(Run.refused("quantize", Fixtures.path("mlp_relu/model.onnx"), "--plan", file, "-o", rounded)
                .contains("the plan names the tensor '"));
    }

    /** A model that gives its weight, so that it shows what {@code DequantizeLinear} makes of it. */
    private Path identity(int opset) throws IOException {
        float[] values = new float[ROWS * COLUMNS];
        Random random = new Random(9);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        GraphProto graph = GraphProto.newBuilder()
                .setName("identity")
                .addInitializer(OnnxTensors.write("w", Tensor.of(Shape.of(ROWS, COLUMNS), values)))
                .addInput(value("x"))
                .addNode(NodeProto.newBuilder()
                        .setOpType("Add")
                        .addInput("w")
                        .addInput("x")
                        .addOutput("y")
                        .setName("sum"))
                .addOutput(value("y"))
                .build();
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .setGraph(graph)
                .build();
        return Files.write(folder.resolve("identity" + opset + ".onnx"), model.toByteArray());
    }

    private static ValueInfoProto value(String name) {
        TypeProto.Tensor type = TypeProto.Tensor.newBuilder().setElemType(1).build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(type))
                .build();
    }

    private static float[] run(Path file) {
        try (InferenceSession session =
                InferenceSession.create(OnnxFile.read(file).model(), RuntimeSettings.CPU)) {
            return session.run(Map.of("x", Tensor.of(Shape.of(1), 0f)), Set.of("y"))
                    .get("y")
                    .toFloats();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "int8-tensor",
                "int8-channel",
                "int8-group32",
                "int8-asymmetric-tensor",
                "int8-asymmetric-channel",
                "int8-asymmetric-group64",
                "int4-tensor",
                "int4-channel",
                "int4-group32",
                "int4-asymmetric-tensor",
                "int4-asymmetric-channel",
                "int4-asymmetric-group32"
            })
    void onnxRuntimeMakesTheSameWeightsOfWholeNumbers(String format) throws IOException {
        for (String axis : List.of("first", "last")) {
            Path model = identity(17);
            Path rounded = folder.resolve("r.onnx");
            Path whole = folder.resolve("q.onnx");
            Run.done("quantize", model, "--format", format, "--channel-axis", axis, "-o", rounded);
            Run.done("quantize", model, "--format", format, "--channel-axis", axis, "--as", "qdq", "-o", whole);
            float[] expected;
            try (WeightSource source = WeightFormats.open(rounded)) {
                expected = source.tensor("w").toFloats();
            }
            assertArrayEquals(expected, run(rounded), format);
            assertArrayEquals(expected, run(whole), format + " along the " + axis + " axis");
        }
    }

    @Test
    void aRealModelOfWholeNumbersIsSmallerAndKeepsItsOtherTensors() throws IOException {
        Path whole = folder.resolve("q.onnx");
        Run.done("quantize", LENET, "--format", "int4-channel", "--as", "qdq", "-o", whole);
        assertTrue(Files.size(whole) < Files.size(LENET), Files.size(whole) + " bytes");
        ModelProto model = OnnxFile.read(whole).model();
        assertEquals(21, model.getOpsetImport(0).getVersion());
        assertEquals(10, model.getIrVersion());
        assertEquals(
                4,
                model.getGraph().getNodeList().stream()
                        .filter(node -> node.getOpType().equals("DequantizeLinear"))
                        .count());
        try (WeightSource before = WeightFormats.open(LENET);
                WeightSource after = WeightFormats.open(whole)) {
            for (String name : before.names()) {
                if (before.tensor(name).shape().rank() == 1) {
                    assertArrayEquals(
                            before.tensor(name).toFloats(), after.tensor(name).toFloats());
                }
            }
        }
    }

    @Test
    void tensorsWithoutWholeNumbersAreNamed() {
        Path plan = folder.resolve("p.json");
        Run.done(
                "sensitivity",
                FISHER,
                "--weights",
                LENET,
                "--budget",
                "12",
                "--formats",
                "fp16,int8-tensor",
                "-o",
                plan);
        Run run = Run.done("quantize", LENET, "--plan", plan, "--as", "qdq", "-o", folder.resolve("q.onnx"));
        assertTrue(run.err().contains("DequantizeLinear has no such format for "), run.err());
    }

    @Test
    void writesTheFisherInThePlaceOfTheWeights() {
        Path gradients = folder.resolve("g.safetensors");
        Run run = Run.done(
                "sensitivity",
                FISHER,
                "--weights",
                LENET,
                "--budget",
                "9",
                "--gradients-out",
                gradients,
                "-o",
                folder.resolve("p.json"));
        assertTrue(run.out().startsWith("wrote " + gradients + "\nwrote "), run.out());
        try (WeightSource model = WeightFormats.open(LENET);
                WeightSource fisher = WeightFormats.open(FISHER);
                WeightSource squares = WeightFormats.open(gradients)) {
            assertEquals("pt", squares.metadata().get("format"));
            int seen = 0;
            for (String name : fisher.names()) {
                assertEquals(model.tensor(name).shape(), squares.tensor(name).shape());
                assertArrayEquals(
                        fisher.tensor(name).toFloats(), squares.tensor(name).toFloats());
                seen++;
            }
            assertEquals(8, seen);
        }
    }

    @Test
    void writesTablesAndCodes() {
        Path tables = folder.resolve("t.safetensors");
        Path rounded = folder.resolve("r.onnx");
        Run.done(
                "quantize",
                LENET,
                "--format",
                "table3-channel",
                "--fisher",
                FISHER,
                "--tables-out",
                tables,
                "-o",
                rounded);
        try (WeightSource source = WeightFormats.open(tables);
                WeightSource model = WeightFormats.open(rounded)) {
            assertEquals(8, source.names().size());
            String name = source.names().iterator().next();
            String tensor = name.substring(0, name.lastIndexOf('.'));
            float[] table = source.tensor(tensor + ".table").toFloats();
            long[] codes = source.tensor(tensor + ".codes").toLongs();
            float[] values = model.tensor(tensor).toFloats();
            int perChannel = (int) (codes.length / model.tensor(tensor).shape().dim(0));
            for (int i = 0; i < codes.length; i++) {
                assertEquals(table[i / perChannel * 8 + (int) codes[i]], values[i]);
            }
        }
    }

    @Test
    void refusesInOneLine() throws IOException {
        Path out = folder.resolve("o.onnx");
        Path plan = folder.resolve("p.json");
        plan(plan, "--budget", "6");
        assertEquals(
                "squisher: quantize: give --plan or --format, one of them; see 'squisher quantize --help'",
                Run.refused("quantize", LENET, "-o", out));
        assertTrue(Run.refused("quantize", LENET, "--plan", plan, "--exclude", "x", "-o", out)
                .contains("--exclude goes with --format; a plan says so itself"));
        assertTrue(Run.refused("quantize", LENET, "--format", "int4-tenser", "-o", out)
                .contains("did you mean 'int4-tensor'?"));
        assertTrue(Run.refused("quantize", LENET, "--format", "fp16", "--as", "qdq", "-o", out)
                .contains("no tensor has an int8 or int4 format; choose from those, or write --as values"));
        assertTrue(Run.refused("quantize", LENET, "--format", "table4-channel", "-o", out)
                .contains("are fitted by a Fisher; give it with --fisher"));
        assertTrue(Run.refused(
                        "quantize",
                        LENET,
                        "--format",
                        "fp16",
                        "--tables-out",
                        folder.resolve("t.safetensors"),
                        "-o",
                        out)
                .contains("--tables-out goes with table formats, and no tensor has one"));
        assertTrue(Run.refused("quantize", LENET, "--plan", FISHER, "-o", out).contains("fisher_exact.safetensors"));
        assertTrue(Run.refused("quantize", identity(12), "--format", "int4-tensor", "--as", "qdq", "-o", out)
                .endsWith("has opset 12 and would need 21; export the model at opset 21 or later"));
        Path tensors = folder.resolve("w.safetensors");
        SafetensorsWriter.write(tensors, Map.of("w", Tensor.of(Shape.of(1, 2), 1f, 2f)), Map.of());
        assertTrue(Run.refused(
                        "quantize",
                        tensors,
                        "--format",
                        "int8-tensor",
                        "--as",
                        "qdq",
                        "-o",
                        folder.resolve("o.safetensors"))
                .contains("DequantizeLinear is a node of an ONNX graph; give the ONNX model, or write --as values"));
        assertFalse(Files.exists(out));
        assertTrue(Run.refused("sensitivity", FISHER, "--weights", LENET, "-o", plan)
                .contains("missing --budget"));
        assertTrue(Run.refused("sensitivity", FISHER, "--weights", LENET, "--budget", "2", "-o", plan)
                .contains("no choice of these formats stays within 2.0 bits a weight"));
        assertTrue(Run.refused(
                        "sensitivity",
                        FISHER,
                        "--weights",
                        LENET,
                        "--budget",
                        "5",
                        "--formats",
                        "int4-group,fp16",
                        "-o",
                        plan)
                .contains("takes number formats between commas or all, not 'int4-group'"));
        assertTrue(Run.refused("sensitivity", FISHER, "--weights", tensors, "--budget", "5", "-o", plan)
                .contains("fisher_exact.safetensors' has the tensors"));
    }
}
