package io.squisher.apps.cli.command.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeCommandTest {
    private static final Path LENET = Fixtures.path("lenet_cnn/model.onnx");
    private static final Path EXACT = Fixtures.path("lenet_cnn/fisher_exact.safetensors");

    @TempDir
    Path folder;

    private static Run merge(Path model, Path fisher, Path output) {
        return Run.of(
                "merge",
                "--model",
                LENET,
                "--fisher",
                EXACT,
                "--model",
                model,
                "--fisher",
                fisher,
                "-o",
                output,
                "--json");
    }

    private void assertRefused(Run run, String... parts) throws IOException {
        assertEquals(1, run.exitCode(), run.err());
        for (String part : parts) {
            assertTrue(run.err().contains(part), part + " in " + run.err());
        }
        assertFalse(run.err().contains("\tat "), run.err());
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();
        assertTrue(run.err().contains(document.get("error").getAsString()), run.out());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of(),
                    left.filter(file -> file.toString().contains("out")).toList());
        }
    }

    @Test
    void mergesARealModelAndPrintsOneDocument() {
        Path output = folder.resolve("out.onnx");
        Run run = merge(LENET, EXACT, output);
        assertEquals(0, run.exitCode(), run.err());
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals("fisher", document.getAsJsonObject("merge").get("method").getAsString());
        assertEquals(0, Run.of("compare", LENET, output, "--rtol", "0").exitCode());
        assertTrue(Run.of("inspect", output).out().contains("squisher.merge"));
    }

    @Test
    void aDryRunWritesNothing() throws IOException {
        Run run = Run.of("merge", "--method", "average", "--model", LENET, "--model", LENET, "--dry-run");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("0.weight"), run.out());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void pairsFishersAndWeightsWithTheirModels() {
        Run run = Run.of(
                "merge",
                "--model",
                LENET,
                "--model",
                LENET,
                "--weight",
                3,
                "--fisher",
                EXACT,
                "--fisher",
                EXACT,
                "--dry-run",
                "--json");
        assertEquals(0, run.exitCode(), run.err());
        var models = JsonParser.parseString(run.out())
                .getAsJsonObject()
                .getAsJsonObject("merge")
                .getAsJsonArray("models");
        assertEquals(1, models.get(0).getAsJsonObject().get("weight").getAsDouble());
        assertEquals(3, models.get(1).getAsJsonObject().get("weight").getAsDouble());
    }

    /** The exact Fisher, as one over so many examples. */
    private Path fisherOver(long examples) {
        Path file = folder.resolve(examples + ".safetensors");
        try (FisherFile exact = FisherFile.open(EXACT)) {
            Provenance provenance = exact.diagonal().provenance().toBuilder()
                    .setExampleCount(examples)
                    .build();
            FisherFile.write(file, new FisherDiagonal(exact.diagonal().tensors(), provenance));
        }
        return file;
    }

    @Test
    void weighsByDataSize() {
        Object[] words = {"merge", "--weights", "data-size", "--dry-run", "--json", "--model", LENET, "--model", LENET};
        Object[] known = Stream.concat(
                        Stream.of(words), Stream.of("--fisher", fisherOver(60), "--fisher", fisherOver(20)))
                .toArray();
        Run run = Run.of(known);
        assertEquals(0, run.exitCode(), run.err());
        var models = JsonParser.parseString(run.out())
                .getAsJsonObject()
                .getAsJsonObject("merge")
                .getAsJsonArray("models");
        assertEquals(
                "data size", models.get(0).getAsJsonObject().get("weight_from").getAsString());
        assertEquals(60, models.get(0).getAsJsonObject().get("weight").getAsDouble());
        assertEquals(20, models.get(1).getAsJsonObject().get("weight").getAsDouble());
        Run unknown = Run.of(words);
        assertEquals(1, unknown.exitCode());
        assertTrue(unknown.err().contains("has no Fisher that says how large its data set is"), unknown.err());
    }

    @Test
    void refusesAMissingFile() throws IOException {
        assertRefused(
                merge(folder.resolve("none.onnx"), EXACT, folder.resolve("out.onnx")), "none.onnx': no such file");
    }

    @Test
    void refusesATruncatedFisherAndATextCalledOnnxTogether() throws IOException {
        byte[] bytes = Files.readAllBytes(EXACT);
        Path truncated = Files.write(folder.resolve("t.safetensors"), Arrays.copyOf(bytes, bytes.length - 5));
        Path text = Files.writeString(folder.resolve("text.onnx"), "This is not a model.\n");
        assertRefused(
                merge(text, truncated, folder.resolve("out.onnx")),
                "2 problems",
                "text.onnx': not an ONNX model",
                "t.safetensors': bad safetensors file (truncated");
    }

    @Test
    void refusesModelsThatShareNoParameters() throws IOException {
        assertRefused(
                merge(Fixtures.path("bn_cnn/model.onnx"), EXACT, folder.resolve("out.onnx")),
                "lacks the tensors '0.bias'",
                "only models of one architecture can be merged");
    }

    @Test
    void refusesAFisherOfAnotherModel() throws IOException {
        Path fisher = folder.resolve("other.safetensors");
        try (FisherFile exact = FisherFile.open(EXACT)) {
            Provenance provenance = Provenance.newBuilder()
                    .setKind(Provenance.Kind.EXACT)
                    .setWeightsHash("0123456789abcdef")
                    .build();
            FisherFile.write(fisher, new FisherDiagonal(exact.diagonal().tensors(), provenance));
        }
        assertRefused(
                merge(LENET, fisher, folder.resolve("out.onnx")),
                "other.safetensors' belongs to other weights",
                "--allow-other-model");
    }

    @Test
    void aFisherWithNotANumberLeavesNoFile() throws IOException {
        Path fisher = folder.resolve("nan.safetensors");
        try (FisherFile exact = FisherFile.open(EXACT);
                WeightSource model = WeightFormats.open(LENET)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>(exact.diagonal().tensors());
            tensors.put("9.bias", Fixtures.vector(0, 0, Double.NaN, 0, 0, 0, 0, 0, 0, 0));
            Provenance provenance = Provenance.newBuilder()
                    .setKind(Provenance.Kind.EXACT)
                    .setWeightsHash(ContentHash.of(tensors.keySet(), model::tensor))
                    .build();
            FisherFile.write(fisher, new FisherDiagonal(tensors, provenance));
        }
        assertRefused(
                merge(LENET, fisher, folder.resolve("out.onnx")),
                "nan.safetensors': tensor '9.bias' has NaN at element 2");
    }
}
