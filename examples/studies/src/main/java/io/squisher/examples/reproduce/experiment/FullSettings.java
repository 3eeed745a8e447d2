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
import io.squisher.examples.reproduce.setting.SavedModel.FisherSettings;
import java.util.List;

/** The six settings on Fashion-MNIST, EWC with the networks of the paper. */
final class FullSettings {
    private static final int SEEDS = 3;
    private static final int SIDE = 28;
    private static final int PIXELS = SIDE * SIDE;
    private static final int CLASSES = 10;

    /** To this side images are padded for the larger network, whose input the paper has. */
    private static final int PADDED = 32;

    private static final int PERMUTED_TASKS = 5;

    /** The paper's number of logits, ten for each of ten tasks. */
    private static final int PERMUTED_OUTPUTS = 100;

    private static final FisherSettings FISHER = new FisherSettings(1000, true);

    private FullSettings() {}

    static List<Planned> all() {
        return Planned.each(
                SEEDS,
                List.of(
                        new FisherMerging(merging(), 60),
                        new Ubgm(merging(), 60),
                        new Pruning(Architecture.vggLike(SIDE, 8, 128, CLASSES), 800, 1e-3f, 64, FISHER, 70),
                        new FishMasking(masking(), 75),
                        new TaskEmbeddings(embedding(), 60),
                        new Ewc("ewc-split", "split, MLP", split(largeMlp(), 200, 128, 1e2), 45, 120),
                        new Ewc("ewc-split-cnn", "split, CNN", split(smallCnn(), 100, 32, 1e1), 45, 120),
                        new Ewc("ewc-permuted", "permuted, MLP", permuted(), 60, 130)));
    }

    private static Architecture largeMlp() {
        return Architecture.twoHiddenLayers(PIXELS, 400, CLASSES);
    }

    private static Architecture smallCnn() {
        return Architecture.convolutional(SIDE, 8, 64, CLASSES);
    }

    private static FineTunedModels.Options merging() {
        return new FineTunedModels.Options(smallCnn(), 2, 2, 30, 1e-3f, 100, 1e-3f, 64, FISHER);
    }

    private static FishMasking.Options masking() {
        return new FishMasking.Options(smallCnn(), 200, 100, 1e-3f, 32, FISHER, List.of(0.5, 2.0, 5.0, 20.0, 50.0));
    }

    private static TaskEmbeddings.Options embedding() {
        return new TaskEmbeddings.Options(
                Architecture.twoHiddenLayers(PIXELS, 128, CLASSES),
                new VariedTasks(5, 200, 5000),
                300,
                200,
                20,
                20,
                1e-3f,
                32,
                FISHER);
    }

    private static EwcTraining split(Architecture architecture, int steps, int batch, double smallest) {
        return new EwcTraining(
                EwcTasks.SPLIT,
                5,
                architecture,
                SIDE,
                11_000,
                new TrainingSettings(steps, batch, 1e-3f, 0),
                FISHER,
                EwcMethod.SETTING,
                List.of(smallest, 10 * smallest, 100 * smallest, 1000 * smallest),
                List.of(1e-4 * smallest, 1e-3 * smallest, 1e-2 * smallest, 1e-1 * smallest));
    }

    /** Without the exact Fisher: in closed form it takes a backward pass for each of a hundred logits. */
    private static EwcTraining permuted() {
        EwcTraining all = new EwcTraining(
                EwcTasks.PERMUTED,
                PERMUTED_TASKS,
                Architecture.twoHiddenLayers(PADDED * PADDED, 1000, PERMUTED_OUTPUTS),
                PADDED,
                5_120,
                new TrainingSettings(80, 64, 1e-3f, 0),
                FISHER,
                EwcMethod.SETTING,
                List.of(1e2, 1e3, 1e4),
                List.of(1e-2, 1e-1, 1e0));
        return all.comparing(EwcMethod.SETTING.stream()
                .filter(method -> method != EwcMethod.EXACT)
                .toList());
    }
}
