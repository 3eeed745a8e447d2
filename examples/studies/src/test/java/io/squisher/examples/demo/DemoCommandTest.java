package io.squisher.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Main;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
    /** Percentage points that the mean of three seeds may be wrong by: one standard error of ten seeds' difference. */
    private static final double TOLERANCE = 0.8;

    @Tag("slow")
    @Test
    void mergesAtLeastAsWellAsAveraging(@TempDir Path folder) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(print(out), print(err), "demo", "--seeds", "3", "--json", "-o", folder.toString());
        assertEquals(0, code, err.toString(StandardCharsets.UTF_8));
        JsonObject result =
                JsonParser.parseString(out.toString(StandardCharsets.UTF_8)).getAsJsonObject();
        JsonObject better = result.getAsJsonObject("better_than_average_by_percent");
        assertAtLeast(-TOLERANCE, mean(better, "Fisher"), "Fisher");
        assertAtLeast(-TOLERANCE, mean(better, "Squisher"), "Squisher");
        JsonObject accuracy = result.getAsJsonObject("test_accuracy_percent");
        assertAtLeast(mean(accuracy, "model a"), mean(accuracy, "average"), "an average of halves");
        assertAtLeast(0.8, mean(result.getAsJsonObject("rank_correlation"), "hidden.kernel"), "rank correlation");
    }

    @Test
    void writesTheReportAndTheModelsOfEachSeed(@TempDir Path folder) throws IOException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                print(new ByteArrayOutputStream()),
                print(err),
                "demo",
                "--seeds",
                "2",
                "--steps",
                "5",
                "-o",
                folder.toString());
        assertEquals(0, code, err.toString(StandardCharsets.UTF_8));
        for (String file : new String[] {
            "report.html", "results.json", "seed-2/merged-squisher.onnx", "seed-1/a.fisher.safetensors"
        }) {
            assertTrue(Files.size(folder.resolve(file)) > 0, file);
        }
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static double mean(JsonObject summaries, String name) {
        return summaries.getAsJsonObject(name).get("mean").getAsDouble();
    }

    private static void assertAtLeast(double least, double seen, String what) {
        assertTrue(seen >= least, what + ": expected at least " + least + ", seen " + seen + " (seeds 1 to 3)");
    }
}
