package io.squisher.examples.reproduce;

import io.squisher.examples.network.TrainingSettings;
import io.squisher.examples.reproduce.SavedModel.FisherSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;

/** What the Squisher depends on: EWC on permuted Fashion-MNIST with a small network, one thing changed at a time. */
final class AblationSettings {
    private static final int SEEDS = 3;
    private static final int SIDE = 28;
    private static final int TASKS = 4;
    private static final int CLASSES = 10;
    private static final int STEPS = 500;
    private static final int BATCH = 64;
    private static final float RATE = 1e-3f;

    /** What is compared along an axis. */
    private static final List<EwcMethod> ALONG =
            List.of(EwcMethod.NONE, EwcMethod.FISHER, EwcMethod.SQUISHER, EwcMethod.DATA_LOSS);

    private AblationSettings() {}

    static List<Planned> all() {
        return Planned.each(
                SEEDS,
                List.of(
                        new Ewc("diagonal", "which diagonal, which scale", base(), 60, 200),
                        along("beta2", List.of(0.9, 0.95, 0.99, 0.999, 0.9999), AblationSettings::beta2),
                        along("steps", List.of(50.0, 200.0, 1000.0), x -> base().with(adam((int) x, BATCH, 0.999f))),
                        along("batch", List.of(8.0, 32.0, 256.0), x -> base().with(adam(STEPS, (int) x, 0.999f)))));
    }

    private static EwcTraining beta2(double beta2) {
        return base().with(adam(STEPS, BATCH, (float) beta2));
    }

    private static Setting along(String axis, List<Double> places, DoubleFunction<EwcTraining> training) {
        Map<Double, EwcTraining> variants = new TreeMap<>();
        places.forEach(x -> variants.put(x, training.apply(x).comparing(ALONG)));
        return new Ewc(axis, "EWC by " + axis, axis, variants, 15.0 * places.size(), 50.0 * places.size());
    }

    private static TrainingSettings adam(int steps, int batch, float beta2) {
        return new TrainingSettings(steps, batch, RATE, beta2, 0);
    }

    private static EwcTraining base() {
        return new EwcTraining(
                EwcTasks.PERMUTED,
                TASKS,
                Architecture.twoHiddenLayers(SIDE * SIDE, 100, TASKS * CLASSES),
                SIDE,
                10_000,
                adam(STEPS, BATCH, TrainingSettings.DEFAULT_BETA2),
                new FisherSettings(2000, true),
                List.of(EwcMethod.values()),
                List.of(1e1, 1e2, 1e3, 1e4),
                List.of(1e-4, 1e-3, 1e-2, 1e-1));
    }
}
