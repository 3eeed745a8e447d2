package io.squisher.examples.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Main;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproduceCommandTest {
    @Tag("slow")
    @Test
    void showsTheDirectionOfThePaperAndRunsNothingTwice(@TempDir Path folder) throws IOException {
        JsonObject results = run(folder, "--seeds", "3");
        // Percentage points; the tolerances below 0 are for settings whose difference three seeds cannot tell from
        // noise.
        assertOverBaseline(results, "fisher-merging", "accuracy on all classes", -1);
        assertOverBaseline(results, "ubgm", "accuracy on all classes", -2);
        assertOverBaseline(results, "pruning", "accuracy after pruning", 10);
        assertOverBaseline(results, "fish-mask", "other parameters reset", -1);
        assertOverBaseline(results, "task-embedding", "rank of the best source", -0.1);
        assertOverBaseline(results, "ewc-split", "split digits", 0);
        assertOverBaseline(results, "ewc-permuted", "permuted digits", 3);
        assertTrue(Files.size(folder.resolve("report.html")) > 0);
        assertTrue(Files.size(folder.resolve("panels.png")) > 0);
        Path finished = folder.resolve("runs").resolve("pruning-seed-1.json");
        var written = Files.getLastModifiedTime(finished);
        run(folder, "--seeds", "3");
        assertEquals(written, Files.getLastModifiedTime(finished));
    }

    @Test
    void reportsOneSettingOfOneSeed(@TempDir Path folder) throws IOException {
        JsonObject results = run(folder, "--seeds", "1", "--setting", "fisher-merging");
        assertEquals(Set.of("fisher-merging"), results.keySet());
        for (String file : new String[] {
            "report.html", "panels.png", "tables.md", "results.json", "runs/fisher-merging-seed-1.json"
        }) {
            assertTrue(Files.size(folder.resolve(file)) > 0, file);
        }
    }

    @Test
    void refusesASettingThatDoesNotExist() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(print(new ByteArrayOutputStream()), print(err), "reproduce", "--setting", "nothing");
        String message = err.toString(StandardCharsets.UTF_8);
        assertTrue(code != 0 && message.lines().count() == 1, message);
        assertTrue(message.contains("fisher-merging"), message);
    }

    private static JsonObject run(Path folder, String... options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] arguments = new String[options.length + 4];
        System.arraycopy(new String[] {"reproduce", "--json", "-o", folder.toString()}, 0, arguments, 0, 4);
        System.arraycopy(options, 0, arguments, 4, options.length);
        int code = Main.run(print(out), print(err), arguments);
        assertEquals(0, code, err.toString(StandardCharsets.UTF_8));
        return JsonParser.parseString(out.toString(StandardCharsets.UTF_8)).getAsJsonObject();
    }

    private static void assertOverBaseline(JsonObject results, String setting, String part, double least) {
        JsonObject methods =
                results.getAsJsonObject(setting).getAsJsonObject("parts").getAsJsonObject(part);
        for (String method : new String[] {Methods.FISHER, Methods.SQUISHER}) {
            double seen = methods.getAsJsonObject(method)
                    .getAsJsonObject("over_baseline")
                    .get("mean")
                    .getAsDouble();
            assertTrue(
                    seen >= least,
                    setting + ", " + method + ": expected at least " + least + " over the baseline, seen " + seen
                            + " (seeds 1 to 3)");
        }
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
