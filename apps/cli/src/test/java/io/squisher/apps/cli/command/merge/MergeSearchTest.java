package io.squisher.apps.cli.command.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.format.WeightFormats;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeSearchTest {
    private static final Path LENET = Fixtures.path("lenet_cnn/model.onnx");
    private static final Path DATA = Fixtures.path("lenet_cnn/data.npz");

    @TempDir
    Path folder;

    /** LeNet with its logits turned round, which is right where LeNet is wrong. */
    private Path turned() {
        Path file = folder.resolve("turned.onnx");
        try (WeightSource source = WeightFormats.open(LENET)) {
            Map<String, Tensor> turned = new LinkedHashMap<>();
            for (String name : new String[] {"9.weight", "9.bias"}) {
                float[] values = source.tensor(name).toFloats();
                for (int i = 0; i < values.length; i++) {
                    values[i] = -values[i];
                }
                turned.put(name, Tensor.of(source.tensor(name).shape(), values));
            }
            source.format().write(file, source, turned, Map.of());
        }
        return file;
    }

    @Test
    void findsTheWeightsThatScoreBestAndSaysWhatChoseThem() {
        Path output = folder.resolve("out.onnx");
        Run run = Run.of(
                "merge",
                "--method",
                "average",
                "--search",
                "grid",
                "--trials",
                5,
                "--validation",
                DATA,
                "--threads",
                1,
                "--model",
                LENET,
                "--model",
                turned(),
                "-o",
                output,
                "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonObject search = JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonObject("search");
        assertEquals("data.npz", search.get("chosen_on").getAsString());
        assertEquals(5, search.getAsJsonArray("trials").size());
        double best = 0;
        for (var trial : search.getAsJsonArray("trials")) {
            best = Math.max(best, trial.getAsJsonObject().get("accuracy").getAsDouble());
        }
        Run evaluated = Run.of("evaluate", output, "--data", DATA, "--threads", 1, "--json");
        assertEquals(
                best,
                JsonParser.parseString(evaluated.out())
                        .getAsJsonObject()
                        .get("accuracy")
                        .getAsDouble(),
                1e-12);
        assertTrue(Run.of("inspect", output).out().contains("squisher.merge.search"));
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        Object[] models = {"merge", "--method", "average", "--model", LENET, "--model", LENET, "--dry-run"};
        assertEquals(2, run(models, "--validation", DATA).exitCode());
        assertEquals(2, run(models, "--search", "grid").exitCode());
        assertEquals(
                2,
                run(models, "--search", "grid", "--validation", DATA, "--weight", "1")
                        .exitCode());
        assertEquals(
                2,
                run(models, "--model", LENET, "--search", "grid", "--validation", DATA)
                        .exitCode());
    }

    private static Run run(Object[] first, Object... more) {
        Object[] all = java.util.Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return Run.of(all);
    }
}
