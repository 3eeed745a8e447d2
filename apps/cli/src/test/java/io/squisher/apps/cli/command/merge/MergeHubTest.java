package io.squisher.apps.cli.command.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.JsonParser;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeHubTest {
    @TempDir
    private Path folder;

    private Path a;
    private Path b;
    private Path merged;

    @BeforeEach
    void writeFolders() throws IOException {
        a = model("a", 1, "[PAD]\none\ntwo\n");
        b = model("b", 3, "[PAD]\none\ntwo\n");
        merged = Files.createDirectory(folder.resolve("merged"));
    }

    private Path model(String name, float factor, String vocabulary) throws IOException {
        Path path = Files.createDirectory(folder.resolve(name));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            tensors.put("layer" + i, Tensor.of(io.squisher.tensor.Shape.of(100), new float[100]));
        }
        tensors.put("head", Fixtures.floats(factor, 2 * factor));
        SafetensorsWriter.write(path.resolve("model.safetensors"), tensors, Map.of());
        Files.writeString(path.resolve("config.json"), "{\"torch_dtype\": \"float32\", \"of\": \"" + name + "\"}");
        Files.writeString(path.resolve("vocab.txt"), vocabulary);
        Files.writeString(path.resolve("README.md"), "# The card of " + name + "\n");
        return path;
    }

    private Run merge(Object... more) {
        List<Object> words = new ArrayList<>(List.of("merge", "--method", "average", "--model", a, "--model", b));
        words.addAll(List.of(more));
        return Run.of(words.toArray());
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertRefused(Run run, String text) {
        assertTrue(run.exitCode() == 1 || run.exitCode() == 2, run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains(text), run.err());
    }

    @Test
    void aMergedFolderHasConfigurationTokenizerAndCard() throws IOException {
        Run run = merge("--hub", "-o", merged.resolve("model.safetensors"));
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("beside it: config.json, vocab.txt, README.md (from '" + a + "')"), run.out());
        assertEquals(List.of("README.md", "config.json", "model.safetensors", "vocab.txt"), names(merged));
        assertArrayEquals(
                Files.readAllBytes(a.resolve("config.json")), Files.readAllBytes(merged.resolve("config.json")));
        String card = Files.readString(merged.resolve("README.md"));
        try (WeightSource model = WeightFormats.open(merged);
                WeightSource second = WeightFormats.open(b)) {
            assertArrayEquals(new float[] {2, 4}, model.tensor("head").toFloats());
            assertTrue(card.contains("| b | " + ContentHash.of(second.names(), second::tensor) + " | 1.0 |\n"), card);
        }
        assertTrue(card.startsWith("---\ntags:\n- merge\n- squisher\n---\n\n# merged\n"), card);
        assertTrue(card.contains("\"method\": \"average\""), card);
        assertFalse(card.contains(folder.toString()), "nobody's folders are told");
        // The same once more replaces its own files.
        assertEquals(
                0, merge("--hub", "-o", merged.resolve("model.safetensors")).exitCode());
    }

    @Test
    void theCardHasTheRecipeAndWhatTheFishersAre() throws IOException {
        Map<String, Tensor> entries = new LinkedHashMap<>();
        try (WeightSource model = WeightFormats.open(a)) {
            model.names()
                    .forEach(name -> entries.put(
                            name,
                            Tensor.of(
                                    model.tensor(name).shape(),
                                    new double[(int) model.tensor(name).size()])));
        }
        Provenance provenance = Provenance.newBuilder()
                .setKind(Provenance.Kind.EMPIRICAL)
                .setExampleCount(77)
                .build();
        FisherDiagonal diagonal = new FisherDiagonal(entries, provenance);
        FisherFile.write(folder.resolve("f.safetensors"), diagonal);
        String recipe = """
                # ours
                merge_method: fisher
                models:
                  - {model: a, fisher: f.safetensors}
                  - {model: b, fisher: f.safetensors}
                out_dtype: bfloat16
                """;
        Path file = Files.writeString(folder.resolve("r.yaml"), recipe);
        Run run = Run.of(
                "merge", "--recipe", file, "--allow-other-model", "--hub", "-o", merged.resolve("model.safetensors"));
        assertEquals(0, run.exitCode(), run.err());
        String card = Files.readString(merged.resolve("README.md"));
        assertTrue(card.contains("```yaml\n" + recipe + "```\n"), card);
        try (FisherFile stored = FisherFile.open(folder.resolve("f.safetensors"))) {
            String hash = ContentHash.of(stored.diagonal().names(), stored.diagonal()::tensor);
            assertTrue(card.contains("| f.safetensors | a | empirical, 77 examples | " + hash + " | "), card);
        }
        assertEquals(
                JsonParser.parseString("{\"torch_dtype\": \"bfloat16\", \"of\": \"a\"}"),
                JsonParser.parseString(Files.readString(merged.resolve("config.json"))));
    }

    @Test
    void filesOfOthersAreLeftAlone() throws IOException {
        Path out = merged.resolve("model.safetensors");
        Files.writeString(merged.resolve("README.md"), "# Mine\n");
        assertRefused(
                merge("--hub", "-o", out),
                "cannot write '" + merged.resolve("README.md") + "' with --hub: there is another file of that name");
        assertEquals(List.of("README.md"), names(merged));
        assertRefused(merge("--hub", "--dry-run", "-o", out), "there is another file of that name");
        assertEquals(0, merge("--hub", "--force", "-o", out).exitCode());
        assertRefused(
                merge("--hub", "-o", a.resolve("merged.safetensors")),
                "cannot write beside the model '" + a + "' with --hub");
        assertEquals("# The card of a\n", Files.readString(a.resolve("README.md")));
    }

    @Test
    void withoutAConfigurationThereIsNothingToCopy() throws IOException {
        Files.delete(a.resolve("config.json"));
        Files.delete(b.resolve("config.json"));
        assertRefused(
                merge("--hub", "-o", merged.resolve("m.safetensors")),
                "none of these stands in a folder with a config.json");
    }

    @Test
    void tokenizersOfDifferentVocabulariesAreRefused() throws IOException {
        Files.writeString(b.resolve("vocab.txt"), "[PAD]\ntwo\none\n");
        Path out = merged.resolve("m.safetensors");
        assertRefused(
                merge("-o", out),
                "cannot merge: the tokenizers of '" + a + "' and '" + b
                        + "' differ: number 1 is 'one' in one and 'two' in the other; merge models of one tokenizer");
        assertEquals(0, merge("--allow-other-model", "-o", out).exitCode());
    }

    @Test
    void aNewFileBeginsAtTheSizeThatIsAskedFor() throws IOException {
        // Three layers of 400 bytes and a head of 8: two layers are below 1 KB, and the third begins a file.
        Path index = merged.resolve("model.safetensors.index.json");
        Run run = merge("--hub", "--out-shard-size", "1KB", "-o", index);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(
                List.of(
                        "README.md",
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "vocab.txt"),
                names(merged));
        try (WeightSource model = WeightFormats.open(merged)) {
            assertArrayEquals(new float[] {2, 4}, model.tensor("head").toFloats());
            assertEquals(4, model.names().size());
        }
        Path single = merged.resolve("m.safetensors");
        assertRefused(merge("--out-shard-size", "1KB", "-o", single), "whose name ends in .safetensors.index.json");
        for (String size : List.of("5", "5B", "0GB", "1 kB", "1e9GB")) {
            assertRefused(merge("--out-shard-size", size, "-o", index), "takes a number above 0 and KB, MB, GB or TB");
        }
        assertRefused(merge("--out-shard-size", "1KB", "--shard-range", "1/2", "-o", index), "has no place beside");
    }
}
