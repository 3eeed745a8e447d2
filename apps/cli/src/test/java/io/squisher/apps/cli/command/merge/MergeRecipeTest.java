package io.squisher.apps.cli.command.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeRecipeTest {
    @TempDir
    Path folder;

    private Run merge(String recipe, Object... more) throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);
        Object[] words = {"merge", "--recipe", file, "-o", folder.resolve("out.safetensors"), "--json"};
        Object[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return Run.of(all);
    }

    private void model(String name, double value) {
        Map<String, Tensor> tensors = Map.of("att.w", Fixtures.vector(value), "mlp.w", Fixtures.vector(value));
        SafetensorsWriter.write(folder.resolve(name), tensors, Map.of());
        FisherFile.write(
                folder.resolve("f-" + name),
                Fixtures.fisher("f", Map.of("att.w", Fixtures.vector(1), "mlp.w", Fixtures.vector(value)))
                        .diagonal());
    }

    @Test
    void followsWeightsFiltersAndTypes() throws IOException {
        model("a.safetensors", 1);
        model("b.safetensors", 3);
        Run run = merge("""
                merge_method: average
                models:
                  - model: a.safetensors
                  - model: b.safetensors
                    parameters:
                      weight:
                        - filter: att
                          value: 3
                        - value: 1
                out_dtype: float16
                """);
        assertEquals(0, run.exitCode(), run.err());
        try (WeightSource out = WeightFormats.open(folder.resolve("out.safetensors"))) {
            assertEquals(ElementType.F16, out.tensor("att.w").type());
            assertArrayEquals(new double[] {2.5}, out.tensor("att.w").toDoubles());
            assertArrayEquals(new double[] {2}, out.tensor("mlp.w").toDoubles());
        }
    }

    @Test
    void passesTheVariantOn() throws IOException {
        model("a.safetensors", 1);
        model("b.safetensors", 3);
        Run run = merge("""
                merge_method: fisher
                models:
                  - model: a.safetensors
                    fisher: f-a.safetensors
                  - model: b.safetensors
                    fisher: f-b.safetensors
                parameters: {normalize: l2, floor: target, floor_value: 1.0e-3, exclude: mlp}
                """);
        assertEquals(0, run.exitCode(), run.err());
        JsonObject merge = JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonObject("merge");
        assertEquals("l2", merge.get("normalization").getAsString());
        assertEquals("0.001", merge.get("floor_value").getAsString());
        assertEquals("mlp", merge.get("exclude").getAsString());
    }

    /** Merges two descendants of a base, with more lines of the recipe. */
    private Run mergeDescendants(String more) throws IOException {
        model("a.safetensors", 1);
        model("b.safetensors", 3);
        model("base.safetensors", 2);
        return merge("""
                merge_method: ubgm
                base_model: base.safetensors
                base_fisher: f-base.safetensors
                models:
                  - {model: a.safetensors, fisher: f-a.safetensors}
                  - {model: b.safetensors, fisher: f-b.safetensors}
                """ + more);
    }

    @Test
    void mergesDescendantsOfABase() throws IOException {
        Run run = mergeDescendants("");
        assertEquals(0, run.exitCode(), run.err());
        try (WeightSource out = WeightFormats.open(folder.resolve("out.safetensors"))) {
            // mlp.w: F0 = 2, F1 = 1, F2 = 3: 2 + (3·(−1) + 5·1)/6.
            assertArrayEquals(new double[] {2 + 2 / 6.0}, out.tensor("mlp.w").toDoubles(), 1e-15);
        }
    }

    @Test
    void tellsThatTaskVectorsAreAdded() throws IOException {
        Run run = mergeDescendants("parameters: {alpha: 2}");
        // mlp.w: 2 · (3 + 5)/(2 · 4 + 2) = 1.6; att.w: 2 · (2 + 2)/(2 · 2 + 1) = 1.6.
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals(1.6, document.get("task_vector_weight").getAsDouble(), 1e-12);
        assertTrue(document.get("warnings").toString().contains("weigh 1.60 together"), run.out());
        assertEquals(1, run.err().split("weigh 1.60 together", -1).length - 1, run.err());
    }

    @Test
    void reportsEverythingWrongAtOnce() throws IOException {
        Run run = merge("""
                merge_method: magic
                model: [a]
                models:
                  - model: a.safetensors
                    parameters: {wieght: 1}
                parameters: {floor: everywhere, scale: huge, exclude: "("}
                dtype: int8
                tokenizer: union
                """);
        assertEquals(1, run.exitCode());
        for (String part : List.of(
                "9 problems",
                "'merge_method: magic' in the recipe: takes one of average, fisher, ubgm",
                "unknown key 'model', did you mean 'models'?",
                "unknown key 'tokenizer'",
                "unknown key 'wieght', did you mean 'weight'?",
                "at least two entries",
                "'floor: everywhere'",
                "'scale: huge'",
                "'exclude: ('",
                "dtype 'int8'")) {
            assertTrue(run.err().contains(part), part + " in " + run.err());
        }
        assertFalse(Files.exists(folder.resolve("out.safetensors")));
    }

    @Test
    void refusesFlagsBesideTheRecipeAndTextThatIsNone() throws IOException {
        assertEquals(2, merge("models: []", "--method", "average").exitCode());
        assertTrue(merge("just text").err().contains("not a merge recipe"));
        assertTrue(merge("a: [1").err().contains("not a merge recipe"));
        assertTrue(merge("!!java.net.URL [x]").err().contains("not a merge recipe"));
    }
}
