package io.squisher.examples.reproduce.text.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.examples.reproduce.text.model.PaceMeter;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.Pace;
import io.squisher.examples.reproduce.text.unit.TextPoint;
import io.squisher.examples.reproduce.text.unit.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every setting on a tiny encoder: that it measures what it says, and that its numbers are sound. */
class TextSettingsTest {
    @TempDir
    Path folder;

    private List<TextPoint> run(TextSetting setting) throws IOException {
        return run(setting, TinyStudy.in(folder));
    }

    private List<TextPoint> run(TextSetting setting, TextStudy study) throws IOException {
        List<TextPoint> points = TinyStudy.run(setting.units(study, 1), folder);
        Set<String> declared = new HashSet<>();
        setting.parts().forEach(part -> declared.add(part.name()));
        setting.matrices().forEach(part -> declared.add(part.name()));
        Set<String> measured = new HashSet<>();
        points.forEach(point -> {
            measured.add(point.part());
            assertTrue(Double.isFinite(point.value()), point.toString());
        });
        // Where all sources brought the same, their order has no gain.
        declared.removeIf(part -> part.startsWith("order of the sources") && !measured.contains(part));
        assertEquals(declared, measured);
        return points;
    }

    @Test
    void aFineTunedTaskHasItsAgreementAndItsCost() throws IOException {
        FineTunedTasks models = new FineTunedTasks();
        TextStudy study = TinyStudy.thin(folder);
        List<TextPoint> points = TinyStudy.run(models.units(study, study.tasks().subList(0, 1), 1), folder);
        double ranks = TinyStudy.mean(points, models.parts().get(1), "rank correlation", 0);
        assertTrue(ranks > 0.5 && ranks < 1, "rank correlation " + ranks);
        assertTrue(TinyStudy.mean(points, models.parts().get(3), "training", 0) > 0);
    }

    @Test
    void aTryOfASettingHasAllItsParts() throws IOException {
        run(new TextUbgm(), TinyStudy.thin(folder));
    }

    @Tag("slow")
    @Test
    void merging() throws IOException {
        TextMerging merging = new TextMerging();
        List<TextPoint> points = run(merging);
        for (String method : List.of("parameters averaged", "Fisher", "sampled Fisher", "Squisher")) {
            for (double models : new double[] {2, 3}) {
                double relative = TinyStudy.mean(points, merging.parts().get(0), method, models);
                assertTrue(relative > 40 && relative < 200, method + ": " + relative);
            }
        }
    }

    @Test
    void groupsAreNeighboursInARing() throws IOException {
        List<TextTask> tasks = TinyStudy.in(folder).tasks();
        List<List<TextTask>> pairs = TextMerging.groups(tasks, 2);
        assertEquals(List.of(List.of(tasks.get(0), tasks.get(1)), List.of(tasks.get(2), tasks.get(0))), pairs);
    }

    @Tag("slow")
    @Test
    void ubgm() throws IOException {
        run(new TextUbgm());
    }

    @Tag("slow")
    @Test
    void masks() throws IOException {
        TextMask mask = new TextMask();
        List<TextPoint> points = run(mask);
        assertEquals(
                5 * 3 * 3,
                points.stream()
                        .filter(point -> point.part().equals("other parameters reset"))
                        .count());
    }

    @Tag("slow")
    @Test
    void embeddingsRankEverySourceOfEveryTarget() throws IOException {
        TextEmbedding embedding = new TextEmbedding();
        List<TextPoint> points = run(embedding);
        double rank = TinyStudy.mean(points, embedding.parts().get(0), "Fisher", 0);
        assertTrue(rank >= 0.5 && rank <= 1, "of two sources: " + rank);
    }

    @Tag("slow")
    @Test
    void pruningNothingChangesNothing() throws IOException {
        TextPruning pruning = new TextPruning();
        List<TextPoint> points = run(pruning);
        double whole = TinyStudy.mean(points, pruning.parts().get(0), "random", 0);
        assertEquals(whole, TinyStudy.mean(points, pruning.parts().get(0), "Squisher", 0));
    }

    @Tag("slow")
    @Test
    void needs() throws IOException {
        TextNeeds needs = new TextNeeds();
        List<TextPoint> points = run(needs);
        TextPart compressed = needs.parts().get(needs.parts().size() - 1);
        double full = TinyStudy.mean(points, compressed, "full", 0);
        assertEquals(full, TinyStudy.mean(points, compressed, "eight bits", 0), 0.05);
    }

    @Test
    void unitsHaveNamesOfTheirOwnAndModelsComeFirst() throws IOException {
        List<Unit> units = TextSettings.units(TinyStudy.in(folder), TextSettings.all(), OptionalInt.of(2));
        assertEquals(units.size(), units.stream().map(Unit::stem).distinct().count());
        assertEquals("models", units.get(0).setting());
        assertFalse(units.stream().anyMatch(unit -> !unit.name().matches("[A-Za-z0-9-]+")));
    }

    @Test
    void thePaceIsMeasuredStepByStep() throws IOException {
        TextStudy study = TinyStudy.thin(folder);
        Pace pace = PaceMeter.measure(
                study.models(), study.tasks().get(0), Files.createDirectories(folder.resolve("pace")));
        assertTrue(
                pace.trained() > 0 && pace.squared() > 0 && pace.scored() > 0 && pace.written() > 0, pace.toString());
        assertTrue(pace.trained() < 1, "seconds for a text of a tiny encoder: " + pace.trained());
    }
}
