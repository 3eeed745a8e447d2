package io.squisher.examples.reproduce.text.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.examples.reproduce.text.study.TextPart;
import io.squisher.examples.reproduce.text.study.TextSetting;
import io.squisher.examples.reproduce.text.study.TextSettings;
import io.squisher.examples.reproduce.text.unit.TextPoint;
import io.squisher.examples.reproduce.text.unit.UnitResult;
import io.squisher.examples.statistics.Comparison;
import io.squisher.internal.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextReportTest {
    private static final double[] NOISE = {0, 0.5, -0.5};

    @TempDir
    Path folder;

    /** Three seeds: the Fisher 2 over the average and the Squisher 3, up to a half. */
    private static List<UnitResult> results(TextSetting setting) {
        TextPart part = setting.parts().get(0);
        List<UnitResult> results = new ArrayList<>();
        for (int seed = 1; seed <= NOISE.length; seed++) {
            List<TextPoint> points = new ArrayList<>();
            for (String task : List.of("trec", "subj")) {
                points.add(new TextPoint(part.name(), part.baseline(), 2, task, 90));
                points.add(new TextPoint(part.name(), "Fisher", 2, task, 92 + NOISE[seed - 1]));
                points.add(new TextPoint(part.name(), "Squisher", 2, task, 93));
            }
            results.add(new UnitResult(setting.name(), "pairs", seed, "x", 1.5, points));
        }
        return results;
    }

    private static TextSetting setting(String name) {
        return TextSettings.all().stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theAnswerIsATableOfDifferencesWithIntervals() {
        List<String> lines = new TextReport(results(setting("merging"))).lines();
        String answer = lines.get(2);
        // Student's t with two degrees of freedom: 4.303 times 0.5/√3 is 1.24.
        assertTrue(answer.contains("| +2.00 [+0.76, +3.24] |"), answer);
        assertTrue(answer.contains("| 90.00 ± 0.00 (parameters averaged) |"), answer);
        assertTrue(answer.contains("| +1.00 [-0.24, +2.24] |") && answer.contains("| 3 |"), answer);
    }

    @Test
    void probabilitiesAreCorrectedWithinASetting() {
        TextSummary summary = TextSummary.of(setting("merging"), results(setting("merging")));
        List<Comparison<TextPart>> comparisons = summary.comparisons();
        assertEquals(3, comparisons.size());
        Comparison<TextPart> fisher = comparisons.get(0);
        assertEquals("Fisher", fisher.method());
        // Of three tests the Squisher's, without any noise, is the smallest.
        assertEquals(2 * fisher.test().p(), fisher.p(), 1e-12);
    }

    @Test
    void writesPagePictureTablesAndNumbersFromResultsAlone() throws IOException {
        JsonObject json = new TextReport(results(setting("mask")))
                .write(folder, folder.resolve("report.html"), "squisher reproduce --runs runs");
        for (String file : List.of("report.html", "results.json", "panels.png", "tables.md")) {
            assertTrue(Files.size(folder.resolve(file)) > 0, file);
        }
        assertEquals(
                3,
                json.getAsJsonObject("mask")
                        .getAsJsonArray("comparisons")
                        .get(0)
                        .getAsJsonObject()
                        .get("n")
                        .getAsInt());
        assertTrue(Files.readString(folder.resolve("tables.md")).contains("### FISH mask"));
    }

    @Test
    void saysWhenThereIsNothingToReport() {
        assertThrows(SquisherException.class, () -> new TextReport(List.of()));
    }
}
