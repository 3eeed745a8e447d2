package io.squisher.examples.reproduce.experiment;

import io.squisher.examples.network.TrainingSettings;
import io.squisher.examples.reproduce.embedding.TaskEmbeddings;
import io.squisher.examples.reproduce.embedding.VariedTasks;
import io.squisher.examples.reproduce.ewc.Ewc;
import io.squisher.examples.reproduce.ewc.EwcMethod;
import io.squisher.examples.reproduce.ewc.EwcTasks;
import io.squisher.examples.reproduce.ewc.EwcTraining;
import io.squisher.examples.reproduce.masking.FishMasking;
import io.squisher.examples.reproduce.merging.FineTunedModels;
import io.squisher.examples.reproduce.merging.FisherMerging;
import io.squisher.examples.reproduce.merging.Ubgm;
import io.squisher.examples.reproduce.pruning.Pruning;
import io.squisher.examples.reproduce.running.Planned;
import io.squisher.examples.reproduce.setting.Architecture;
import io.squisher.examples.reproduce.setting.EdgeSearch;
import io.squisher.examples.reproduce.setting.SavedModel.FisherSettings;
import io.squisher.examples.reproduce.setting.Setting;
import java.util.List;

/** The six settings on the digits, small enough for a test. */
final class QuickSettings {
    private static final int SEEDS = 3;
    private static final int SIDE = 8;
    private static final int PIXELS = SIDE * SIDE;
    private static final int CLASSES = 10;
    private static final FisherSettings FISHER = new FisherSettings(2000, true);

    private QuickSettings() {}

    static List<Planned> all() {
        return Planned.each(
                SEEDS,
                List.of(
                        new FisherMerging(merging(), 2),
                        new Ubgm(merging(), 2),
                        new Pruning(
                                Architecture.twoHiddenLayers(PIXELS, 64, CLASSES),
                                600,
                                3e-3f,
                                32,
                                FISHER,
                                List.of(25, 50, 75, 90),
                                false,
                                1),
                        new FishMasking(masking(), 3),
                        new TaskEmbeddings(embedding(), 6),
                        ewc("ewc-split", "split digits", EwcTasks.SPLIT, 5, CLASSES),
                        ewc("ewc-permuted", "permuted digits", EwcTasks.PERMUTED, 4, 4 * CLASSES)));
    }

    private static FineTunedModels.Options merging() {
        return new FineTunedModels.Options(
                Architecture.oneHiddenLayer(PIXELS, 128, CLASSES), 1, 2, 20, 1e-3f, 600, 3e-3f, 32, FISHER);
    }

    private static FishMasking.Options masking() {
        return new FishMasking.Options(
                Architecture.twoHiddenLayers(PIXELS, 64, CLASSES),
                300,
                300,
                1e-3f,
                32,
                FISHER,
                List.of(0.5, 5.0, 20.0, 50.0));
    }

    private static TaskEmbeddings.Options embedding() {
        return new TaskEmbeddings.Options(
                Architecture.twoHiddenLayers(PIXELS, 64, CLASSES),
                new VariedTasks(3, 100, 300),
                200,
                60,
                20,
                20,
                1e-3f,
                32,
                FISHER);
    }

    private static Setting ewc(String name, String title, EwcTasks tasks, int count, int outputs) {
        return new Ewc(
                name,
                title,
                new EwcTraining(
                        tasks,
                        count,
                        Architecture.twoHiddenLayers(PIXELS, 64, outputs),
                        SIDE,
                        1000,
                        new TrainingSettings(200, 32, 1e-3f, 0),
                        FISHER,
                        EwcMethod.SETTING,
                        new EdgeSearch(10, 1, 4, 0),
                        new EdgeSearch(10, -4, -1, 0)),
                3,
                8);
    }
}
