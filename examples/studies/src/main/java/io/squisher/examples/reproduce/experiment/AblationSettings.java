package io.squisher.examples.reproduce.experiment;

import io.squisher.examples.network.TrainingSettings;
import io.squisher.examples.reproduce.ewc.Ewc;
import io.squisher.examples.reproduce.ewc.EwcMethod;
import io.squisher.examples.reproduce.ewc.EwcTasks;
import io.squisher.examples.reproduce.ewc.EwcTraining;
import io.squisher.examples.reproduce.running.Planned;
import io.squisher.examples.reproduce.setting.Architecture;
import io.squisher.examples.reproduce.setting.EdgeSearch;
import io.squisher.examples.reproduce.setting.SavedModel.FisherSettings;
import io.squisher.examples.reproduce.setting.Setting;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;

/** What the Squisher depends on: EWC on permuted digits, one thing changed at a time. */
public final class AblationSettings {
    /** The axis of decays. */
    public static final String BETA2 = "beta2";

    private static final int SEEDS = 5;
    private static final int SIDE = 8;
    private static final int TASKS = 4;
    private static final int CLASSES = 10;
    private static final int STEPS = 200;
    private static final int BATCH = 32;
    private static final float RATE = 1e-3f;

    /** What is compared along an axis. */
    private static final List<EwcMethod> ALONG =
            List.of(EwcMethod.NONE, EwcMethod.FISHER, EwcMethod.SQUISHER, EwcMethod.DATA_LOSS);

    private AblationSettings() {}

    static List<Planned> all() {
        return Planned.each(
                SEEDS,
                List.of(
                        new Ewc("diagonal", "which diagonal and scale", base(), 8, 20),
                        along(BETA2, List.of(0.9, 0.95, 0.99, 0.999, 0.9999), AblationSettings::beta2),
                        along("steps", List.of(20.0, 50.0, 200.0, 1000.0), AblationSettings::steps),
                        along("batch", List.of(8.0, 32.0, 128.0), AblationSettings::batch)));
    }

    private static EwcTraining beta2(double beta2) {
        return base().with(adam(STEPS, BATCH, (float) beta2));
    }

    private static EwcTraining steps(double steps) {
        return base().with(adam((int) steps, BATCH, TrainingSettings.DEFAULT_BETA2));
    }

    private static EwcTraining batch(double batch) {
        return base().with(adam(STEPS, (int) batch, TrainingSettings.DEFAULT_BETA2));
    }

    private static Setting along(String axis, List<Double> places, DoubleFunction<EwcTraining> training) {
        Map<Double, EwcTraining> variants = new TreeMap<>();
        places.forEach(x -> variants.put(x, training.apply(x).comparing(ALONG)));
        return new Ewc(axis, "EWC by " + axis, axis, variants, 2.0 * places.size(), 8.0 * places.size());
    }

    private static TrainingSettings adam(int steps, int batch, float beta2) {
        return new TrainingSettings(steps, batch, RATE, beta2, 0);
    }

    private static EwcTraining base() {
        return new EwcTraining(
                EwcTasks.PERMUTED,
                TASKS,
                Architecture.twoHiddenLayers(SIDE * SIDE, 64, TASKS * CLASSES),
                SIDE,
                1000,
                adam(STEPS, BATCH, TrainingSettings.DEFAULT_BETA2),
                new FisherSettings(2000, true),
                List.of(EwcMethod.values()),
                new EdgeSearch(10, 1, 5, 0),
                new EdgeSearch(10, -5, -1, 0));
    }
}
