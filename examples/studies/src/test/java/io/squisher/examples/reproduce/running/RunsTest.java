package io.squisher.examples.reproduce.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.output.Console;
import io.squisher.examples.network.TrainingSettings;
import io.squisher.examples.reproduce.ewc.Ewc;
import io.squisher.examples.reproduce.ewc.EwcMethod;
import io.squisher.examples.reproduce.ewc.EwcTasks;
import io.squisher.examples.reproduce.ewc.EwcTraining;
import io.squisher.examples.reproduce.report.Summary;
import io.squisher.examples.reproduce.setting.Architecture;
import io.squisher.examples.reproduce.setting.DigitsSource;
import io.squisher.examples.reproduce.setting.EdgeSearch;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.Notes;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.reproduce.setting.SavedModel.FisherSettings;
import io.squisher.examples.reproduce.setting.Setting;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machinery of the full runs and of the ablations, with trainings of a few steps. */
class RunsTest {
    private final ByteArrayOutputStream notes = new ByteArrayOutputStream();
    private final Console console = new Console(
            new PrintStream(new ByteArrayOutputStream()),
            new PrintStream(notes, true, StandardCharsets.UTF_8),
            false,
            false);

    @Test
    @Tag("slow")
    void comparesEveryDiagonalAlongAnAxis(@TempDir Path folder) {
        Setting setting = ablation();
        List<Planned> plan = List.of(new Planned(setting, 2));
        Runs.SettingResults results =
                new Runs(new DigitsSource(), folder, console).run(plan).get(0);
        Summary summary = new Summary(results);
        Part part = setting.parts().get(0);
        assertEquals(EwcMethod.values().length, summary.methods(part).size());
        assertEquals(2, summary.axis(part, Methods.SQUISHER).size());
        Map<String, Double> chosen = results.choice().get(0).outcome().chosen();
        for (EwcMethod method : EwcMethod.values()) {
            if (method.hasFishersLambda()) {
                assertEquals(chosen.get("Fisher at 0.9"), chosen.get(method.label() + " at 0.9"), method.label());
            }
        }
        assertTrue(
                summary.layers().contains("all, beta2 0.999"), summary.layers().toString());
        assertTrue(notes().contains("3 runs; about"), notes());
        notes.reset();
        new Runs(new DigitsSource(), folder, console).run(plan);
        assertTrue(notes().contains("0 runs, and 3 that are there already"), notes());
    }

    @Test
    void goesOnWhereItWasInterrupted(@TempDir Path folder) {
        Path file = folder.resolve("notes.json");
        new Notes(file).number("first", () -> 0.25);
        Notes again = new Notes(file);
        assertEquals(0.25, again.number("first", () -> Double.NaN));
        assertEquals(0.5, again.number("second", () -> 0.5));
        again.delete();
        assertEquals(0.75, new Notes(file).number("first", () -> 0.75));
    }

    private String notes() {
        return notes.toString(StandardCharsets.UTF_8);
    }

    private static Setting ablation() {
        EwcTraining training = new EwcTraining(
                EwcTasks.PERMUTED,
                2,
                Architecture.twoHiddenLayers(64, 8, 20),
                8,
                100,
                new TrainingSettings(5, 16, 1e-3f, 0),
                new FisherSettings(20, true),
                List.of(EwcMethod.values()),
                new EdgeSearch(10, 0, 1, 0),
                new EdgeSearch(10, -2, -1, 1));
        Map<Double, EwcTraining> variants = new TreeMap<>();
        variants.put(0.9, training.with(new TrainingSettings(5, 16, 1e-3f, 0.9f, 0)));
        variants.put(0.999, training);
        return new Ewc("beta2", "EWC by beta2", "beta2", variants, 1, 1);
    }
}
