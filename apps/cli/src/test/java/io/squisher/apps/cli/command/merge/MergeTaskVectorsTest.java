package io.squisher.apps.cli.command.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.format.WeightFormats;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergeTaskVectorsTest {
    @TempDir
    Path folder;

    private Path output;

    @BeforeEach
    void writeModels() {
        output = folder.resolve("out.safetensors");
        model("base", 0, 0, 0, 0);
        model("a", 4, 1, -3, 0);
        model("b", 2, -1, 5, 0);
    }

    private void model(String name, double... values) {
        SafetensorsWriter.write(path(name), Map.of("w", Fixtures.vector(values)), Map.of());
    }

    private Path path(String name) {
        return folder.resolve(name + ".safetensors");
    }

    private Run merge(String method, String... more) {
        List<Object> words =
                new ArrayList<>(List.of("merge", "--method", method, "--model", path("a"), "--model", path("b")));
        for (String word : more) {
            words.add(word.equals("base") ? path("base") : word);
        }
        words.addAll(List.of("-o", output));
        return Run.of(words.toArray());
    }

    private void assertMerged(Run run, double... values) {
        assertEquals(0, run.exitCode(), run.err());
        try (WeightSource source = WeightFormats.open(output)) {
            assertArrayEquals(values, source.tensor("w").toDoubles(), 1e-14);
        }
    }

    @Test
    void mergesByEachMethod() {
        assertMerged(merge("task-arithmetic", "--base", "base", "--alpha", "0.5"), 3, 0, 1, 0);
        assertMerged(merge("ties", "--base", "base", "--density", "1"), 3, 0, 5, 0);
        // One entry of four: 4 of a, 5 of b.
        assertMerged(merge("ties", "--base", "base", "--density", "0.25"), 4, 0, 5, 0);
        assertMerged(merge("ties", "--base", "base"), 4, 0, 5, 0);
        assertMerged(merge("dare", "--base", "base", "--density", "1", "--seed", "3"), 6, 0, 2, 0);
        // Of a the 4 is left out and 1 and −3 stay, of b the 5, and 2 and −1 stay.
        assertMerged(merge("breadcrumbs", "--base", "base", "--density", "0.5", "--gamma", "0.25"), 2, 0, -3, 0);
        // The scalar product of the two changes is −8.
        assertMerged(merge("model-stock", "--base", "base"), 0, 0, 0, 0);
        assertMerged(merge("slerp", "--weight", "0", "--weight", "1"), 2, -1, 5, 0);
    }

    @Test
    void aDryRunSaysHowAndWritesNothing() {
        Run run = merge("dare", "--base", "base", "--density", "0.5", "--dry-run");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("\"density\":\"0.5\""), run.out());
        assertFalse(Files.exists(output));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ties            |                              | --method ties needs --base
            task-arithmetic |                              | --method task-arithmetic needs --base
            dare            | --base base                  | --method dare needs --density
            slerp           | --base base                  | --base belongs to --method
            task-arithmetic | --base base --density 0.5    | --density belongs to --method ties, dare, breadcrumbs
            breadcrumbs     | --base base                  | --method breadcrumbs needs --density
            dare            | --base base --density 1 --gamma 0.1 | --gamma belongs to --method breadcrumbs
            model-stock     | --base base --alpha 0.5      | --alpha belongs to --method ubgm, task-arithmetic, ties, dare, breadcrumbs
            dare            | --base base --density 1 --scope layer | --scope belongs to --method ties
            ties            | --base base --seed 1         | --seed goes with --search, or with --method dare
            ties            | --base base --base-fisher base | --base-fisher belongs to --method ubgm
            ties            | --base base --density 0      | above 0 and at most 1
            slerp           | --scale batch                | --scale belongs to --method average, fisher, ubgm
            """)
    void refusesOptionsThatDoNotFit(String method, String options, String text) {
        Run run = merge(method, options == null ? new String[0] : options.split(" "));
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(text), run.err());
        assertFalse(Files.exists(output));
    }

    private Run recipe(String text) throws IOException {
        Path file = Files.writeString(
                folder.resolve("recipe.yaml"), text + "\nmodels: [{model: a.safetensors}, {model: b.safetensors}]\n");
        return Run.of("merge", "--recipe", file, "-o", output);
    }

    @Test
    void followsRecipesOfMergekit() throws IOException {
        assertMerged(
                recipe("merge_method: task_arithmetic\nbase_model: base.safetensors\nparameters: {lambda: 0.5}"),
                3,
                0,
                1,
                0);
        assertMerged(
                recipe("merge_method: ties\nbase_model: base.safetensors\nparameters: {density: 0.25}"), 4, 0, 5, 0);
        assertMerged(
                recipe("merge_method: dare_linear\nbase_model: base.safetensors\nparameters: {density: 1}"),
                6,
                0,
                2,
                0);
        assertMerged(recipe("merge_method: linear"), 3, 0, 1, 0);
        assertMerged(
                recipe(
                        "merge_method: breadcrumbs\nbase_model: base.safetensors\nparameters: {density: 0.5, gamma: 0.25}"),
                2,
                0,
                -3,
                0);
        assertMerged(recipe("merge_method: model_stock\nbase_model: base.safetensors"), 0, 0, 0, 0);
        assertRefused(recipe("merge_method: della"), "della");
        assertRefused(recipe("merge_method: ties"), "the merge_method ties needs 'base_model'");
        assertRefused(recipe("merge_method: slerp\nbase_model: base.safetensors"), "'base_model' belongs to");
        assertRefused(
                recipe("merge_method: slerp\nparameters: {density: 0.5}"), "'density' under 'parameters' belongs to");
        assertRefused(recipe("merge_method: dare\nbase_model: base.safetensors"), "needs 'density'");
        assertRefused(recipe("merge_method: slerp\nparameters: {t: 0.5}"), "unknown key 't'");
    }

    private static void assertRefused(Run run, String text) {
        assertEquals(1, run.exitCode(), run.err());
        assertTrue(run.err().contains(text), run.err());
    }
}
