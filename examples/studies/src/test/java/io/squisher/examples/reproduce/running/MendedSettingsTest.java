package io.squisher.examples.reproduce.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.output.Console;
import io.squisher.examples.reproduce.merging.FineTunedModels;
import io.squisher.examples.reproduce.merging.Ubgm;
import io.squisher.examples.reproduce.merging.UbgmSweep;
import io.squisher.examples.reproduce.pruning.Pruning;
import io.squisher.examples.reproduce.report.Summary;
import io.squisher.examples.reproduce.setting.Architecture;
import io.squisher.examples.reproduce.setting.DigitsSource;
import io.squisher.examples.reproduce.setting.EdgeSearch;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.reproduce.setting.Point;
import io.squisher.examples.reproduce.setting.RunResult.Outcome;
import io.squisher.examples.reproduce.setting.SavedModel.FisherSettings;
import io.squisher.examples.reproduce.setting.Setting;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings of the full runs that go beyond the paper's, with trainings of a few steps. */
class MendedSettingsTest {
    private static final FisherSettings FISHER = new FisherSettings(20, false);

    @Test
    void pruningComparesAccumulatorsThatRememberLess(@TempDir Path folder) {
        Setting setting =
                new Pruning(Architecture.oneHiddenLayer(64, 8, 10), 30, 1e-2f, 16, FISHER, List.of(50, 95), true, 1);
        Summary summary = run(setting, folder);
        Part constant = setting.parts().get(0);
        Part falling = setting.parts().get(1);
        assertEquals(
                List.of(
                        Methods.FISHER,
                        Methods.SQUISHER,
                        "Squisher of a last pass",
                        "Squisher, beta2 0.95",
                        "random",
                        "magnitude"),
                List.copyOf(summary.methods(constant)));
        assertEquals(
                List.of(Methods.FISHER, Methods.SQUISHER, "Squisher, beta2 0.95", "random", "magnitude"),
                List.copyOf(summary.methods(falling)));
        assertEquals(List.of(0.0, 50.0, 95.0), List.copyOf(summary.axis(falling, Methods.SQUISHER)));
        assertTrue(summary.layers().contains("all, Squisher of a last pass"));
    }

    @Test
    void ubgmTellsWhatTheTaskVectorsWeigh(@TempDir Path folder) {
        FineTunedModels.Options models = new FineTunedModels.Options(
                Architecture.oneHiddenLayer(64, 8, 10), 1, 2, 5, 1e-3f, 20, 1e-2f, 16, FISHER);
        UbgmSweep sweep = new UbgmSweep(new EdgeSearch(2, -1, 1, 1), List.of(1e-6, 1e9));
        Setting setting = new Ubgm(models, Optional.of(sweep), 1, 1);
        Summary summary = run(setting, folder);
        Map<String, Double> chosen = summary.results().choice().get(0).outcome().chosen();
        assertEquals(5, chosen.size(), chosen.toString());
        Outcome outcome = summary.results().seeds().get(0).outcome();
        String weight = "weight of the task vectors";
        // Two models: as one where the Fishers alone decide, as two where the base's does.
        double without = value(outcome, weight, "Fisher, no base Fisher", 0);
        double plain = value(outcome, weight, "Fisher, alpha 1, delta0 0", 0);
        // Above 1, as where all Fishers are 0 it is 2.
        assertTrue(1 <= without && without < 1.2 && without < plain && plain < 2, without + " and " + plain);
        String byDelta = "accuracy by delta0, alpha 1";
        assertEquals(
                value(outcome, "accuracy by alpha, delta0 0", "task arithmetic", 1),
                value(outcome, byDelta, Methods.SQUISHER, 1e9),
                "a large prior leaves task arithmetic");
    }

    private static double value(Outcome outcome, String part, String method, double x) {
        return outcome.points().stream()
                .filter(point -> point.part().equals(part) && point.method().equals(method) && point.x() == x)
                .mapToDouble(Point::value)
                .findFirst()
                .orElseThrow();
    }

    private static Summary run(Setting setting, Path folder) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
        Console console = new Console(nowhere, nowhere, false, false);
        return new Summary(new Runs(new DigitsSource(), folder, console)
                .run(List.of(new Planned(setting, 1)))
                .get(0));
    }
}
