package io.squisher.apps.cli.command.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.Fixtures;
import io.squisher.apps.UnitPruning;
import io.squisher.apps.cli.Run;
import io.squisher.format.WeightFormats;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.onnx.ModelUnits;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.units.UnitGroup;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StructuredPruningTest {
    @TempDir
    Path folder;

    private static JsonObject json(Run run) {
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static JsonObject scores(Path model, String fixture, String likelihood) {
        return json(Run.of(
                "evaluate",
                model,
                "--data",
                Fixtures.path(fixture + "/data.npz"),
                "--likelihood",
                likelihood,
                "--json"));
    }

    @ParameterizedTest
    @CsvSource({
        "lenet_cnn, filters, categorical",
        "bn_cnn, filters, categorical",
        "lenet_cnn, neurons, categorical",
        "tiny_bert, heads, categorical",
        "tiny_bert, neurons, categorical",
        "tiny_gpt, heads, categorical-tokens"
    })
    void theSmallerFileScoresAsTheMaskedOne(String fixture, String kind, String likelihood) throws IOException {
        Path model = Fixtures.path(fixture + "/model.onnx");
        Path fisher = Fixtures.path(fixture + "/fisher_empirical.safetensors");
        Path smaller = folder.resolve("smaller.onnx");
        Path masked = folder.resolve("masked.onnx");
        Object[] shared = {"prune", model, "--fisher", fisher, "--structured", kind, "--sparsity", "0.5", "--json", "-o"
        };
        JsonObject report = json(Run.of(plus(shared, smaller)));
        json(Run.of(plus(shared, masked, "--keep-shapes")));
        assertTrue(Files.size(smaller) < Files.size(model), kind);
        assertTrue(report.get("parameters_after").getAsLong()
                < report.get("parameters_before").getAsLong());
        assertEquals(
                Math.round(0.5 * report.get("units").getAsLong()),
                report.get("pruned").getAsLong());
        double expected =
                scores(masked, fixture, likelihood).get("log_likelihood").getAsDouble();
        double actual =
                scores(smaller, fixture, likelihood).get("log_likelihood").getAsDouble();
        assertEquals(expected, actual, 1e-5 * Math.abs(expected));
        assertTrue(expected
                != scores(model, fixture, likelihood).get("log_likelihood").getAsDouble());
    }

    private static Object[] plus(Object[] words, Object... more) {
        Object[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return all;
    }

    /** A command line for the method that needs no Fisher. */
    private static Object[] magnitude(Path model, String kind, Object... more) {
        return plus(
                new Object[] {"prune", model, "--method", "magnitude", "--structured", kind, "--sparsity", "0.5"},
                more);
    }

    @Test
    void roundsRemoveMoreAndMore() throws IOException {
        Path once = folder.resolve("once.onnx");
        Path twice = folder.resolve("twice.onnx");
        json(Run.of(magnitude(Fixtures.path("tiny_bert/model.onnx"), "heads", "--json", "-o", once)));
        JsonObject second = json(Run.of(magnitude(once, "heads", "--json", "-o", twice)));
        assertEquals(4, second.get("units").getAsLong());
        assertTrue(Files.size(twice) < Files.size(once));
        scores(twice, "tiny_bert", "categorical");
    }

    @Test
    void aFileWithoutAGraphIsMasked() {
        Path model = folder.resolve("m.safetensors");
        SafetensorsWriter.write(model, Map.of("conv", Tensor.of(Shape.of(2, 2, 1), 1f, 1, 3, 3)), Map.of());
        Path output = folder.resolve("masked.safetensors");
        JsonObject report = json(Run.of(magnitude(model, "filters", "--json", "-o", output)));
        assertEquals(1, report.get("pruned").getAsLong());
        try (WeightSource masked = WeightFormats.open(output)) {
            assertArrayEquals(new float[] {0, 0, 3, 3}, masked.tensor("conv").toFloats());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "shared_weight, neurons, no neurons can be removed; 'enter.weight': Gemm",
        "lenet_cnn, heads, no heads can be removed"
    })
    void saysWhyNothingCanBeRemovedAndLeavesNothing(String fixture, String kind, String reason) throws IOException {
        Path model = Fixtures.path(fixture + "/model.onnx");
        Run run = Run.of(magnitude(model, kind, "-o", folder.resolve("x.onnx")));
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains(reason), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        try (var files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void refusesUnknownKindsAndOptionsOfTheirs() {
        Path model = Fixtures.path("lenet_cnn/model.onnx");
        assertEquals(2, Run.of(magnitude(model, "rows", "--dry-run")).exitCode());
        Run alone = Run.of("prune", model, "--method", "magnitude", "--keep-shapes", "--sparsity", "0.5", "--dry-run");
        assertEquals(2, alone.exitCode());
        assertTrue(alone.err().contains("--keep-shapes goes with --structured"), alone.err());
    }

    /** What Java users call writes the same bytes, and says what it did. */
    @ParameterizedTest
    @CsvSource({
        "lenet_cnn, FILTERS, '14 filters, 24 neurons in 3 groups', '7 of 14 filters are gone'",
        "tiny_bert, HEADS, '96 neurons, 8 heads in 6 groups', '4 of 8 heads are gone'"
    })
    void theLibraryWritesTheSameFile(String fixture, UnitGroup.Kind kind, String units, String done)
            throws IOException {
        Path model = Fixtures.path(fixture + "/model.onnx");
        Path fisher = Fixtures.path(fixture + "/fisher_empirical.safetensors");
        Path byCommand = folder.resolve("command.onnx");
        Path byLibrary = folder.resolve("library.onnx");
        String word = kind.name().toLowerCase(Locale.ROOT);
        Run run =
                Run.of("prune", model, "--fisher", fisher, "--structured", word, "--sparsity", "0.5", "-o", byCommand);
        assertEquals(0, run.exitCode(), run.err());

        ModelUnits modelUnits = ModelUnits.of(model);
        assertEquals(model + ": " + units, modelUnits.toString());
        UnitPruning pruning =
                UnitPruning.of(modelUnits).fisher(fisher).kind(kind).sparsity(0.5);
        assertEquals("pruning of units of " + modelUnits + ": call writeTo(file)", pruning.toString());
        assertEquals(done, pruning.writeTo(byLibrary).summary());
        assertArrayEquals(Files.readAllBytes(byCommand), Files.readAllBytes(byLibrary));
    }

    @Test
    void theLibraryRefusesInOneLine() {
        Path model = Fixtures.path("lenet_cnn/model.onnx");
        Path out = folder.resolve("out.onnx");
        UnitPruning pruning = UnitPruning.of(ModelUnits.of(model));
        assertEquals("cannot prune units: say sparsity(share) before", refusal(() -> pruning.writeTo(out)));
        pruning.sparsity(0.5);
        assertEquals(
                "cannot prune units: say kind(filters, neurons or heads) before", refusal(() -> pruning.writeTo(out)));
        pruning.kind(UnitGroup.Kind.HEADS);
        assertEquals("cannot prune '" + model + "': no heads can be removed", refusal(() -> pruning.writeTo(out)));
        String name = refusal(() -> pruning.kind(UnitGroup.Kind.FILTERS).writeTo(folder.resolve("out.safetensors")));
        assertTrue(name.contains("out.safetensors"), name);
        assertFalse(Files.exists(out));
    }

    private static String refusal(Executable call) {
        return assertThrows(SquisherException.class, call).getMessage();
    }
}
