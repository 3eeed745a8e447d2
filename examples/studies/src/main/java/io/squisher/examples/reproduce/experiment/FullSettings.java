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
import io.squisher.examples.reproduce.merging.UbgmSweep;
import io.squisher.examples.reproduce.pruning.Pruning;
import io.squisher.examples.reproduce.running.Planned;
import io.squisher.examples.reproduce.setting.Architecture;
import io.squisher.examples.reproduce.setting.EdgeSearch;
import io.squisher.examples.reproduce.setting.SavedModel.FisherSettings;
import java.util.List;
import java.util.Optional;

/** The six settings on Fashion-MNIST, EWC with the networks of the paper. */
final class FullSettings {
    /** Seeds where a run takes about a minute. */
    private static final int SEEDS_OF_SHORT = 10;

    /** Seeds where it takes longer. */
    private static final int SEEDS_OF_LONG = 5;

    private static final int SIDE = 28;
    private static final int PIXELS = SIDE * SIDE;
    private static final int CLASSES = 10;

    /** To this side images are padded for the larger network, whose input the paper has. */
    private static final int PADDED = 32;

    private static final int PERMUTED_TASKS = 10;

    /** The paper's number of logits, ten for each of ten tasks. */
    private static final int PERMUTED_OUTPUTS = 100;

    private static final FisherSettings FISHER = new FisherSettings(1000, true);

    /**
     * Without the exact one, which no run told from the empirical: in closed form it takes a backward pass for each logit, and
     * sequences, like sweeps, compute many.
     */
    private static final FisherSettings EMPIRICAL = new FisherSettings(1000, false);

    /** How far a search goes on to each side. */
    private static final int FURTHER = 5;

    private FullSettings() {}

    static List<Planned> all() {
        return List.of(
                new Planned(new FisherMerging(merging(FISHER), 60), SEEDS_OF_SHORT),
                new Planned(new Ubgm(merging(EMPIRICAL), Optional.of(sweep()), 25, 45), SEEDS_OF_SHORT),
                new Planned(pruning(), SEEDS_OF_LONG),
                new Planned(new FishMasking(masking(), 75), SEEDS_OF_SHORT),
                new Planned(new TaskEmbeddings(embedding(), 60), SEEDS_OF_SHORT),
                new Planned(
                        new Ewc("ewc-split", "split, MLP", split(largeMlp(), 200, 128, 3, -1), 30, 100),
                        SEEDS_OF_SHORT),
                new Planned(
                        new Ewc("ewc-split-cnn", "split, CNN", split(smallCnn(), 100, 32, 1, -3), 15, 50),
                        SEEDS_OF_SHORT),
                new Planned(new Ewc("ewc-permuted", "permuted, MLP", permuted(1000), 250, 850), SEEDS_OF_LONG),
                new Planned(
                        new Ewc("ewc-permuted-narrow", "permuted, narrow MLP", permuted(256), 45, 140), SEEDS_OF_LONG));
    }

    private static Architecture largeMlp() {
        return Architecture.twoHiddenLayers(PIXELS, 400, CLASSES);
    }

    private static Architecture smallCnn() {
        return Architecture.convolutional(SIDE, 8, 64, CLASSES);
    }

    private static FineTunedModels.Options merging(FisherSettings fisher) {
        return new FineTunedModels.Options(smallCnn(), 2, 2, 30, 1e-3f, 100, 1e-3f, 64, fisher);
    }

    private static UbgmSweep sweep() {
        return new UbgmSweep(new EdgeSearch(2, -2, 1, FURTHER), List.of(1e-6, 1e-2, 1.0, 1e2));
    }

    private static Pruning pruning() {
        return new Pruning(
                Architecture.vggLike(SIDE, 8, 128, CLASSES),
                800,
                1e-3f,
                64,
                FISHER,
                List.of(25, 50, 75, 90, 95),
                true,
                110);
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

    /**
     * A sequence of two classes each.
     *
     * @param smallest exponent of ten of the smallest λ of a Fisher that is tried first
     * @param uniform that of the identity, whose entries are 1
     */
    private static EwcTraining split(Architecture architecture, int steps, int batch, int smallest, int uniform) {
        return ewc(
                EwcTasks.SPLIT,
                5,
                architecture,
                SIDE,
                11_000,
                new TrainingSettings(steps, batch, 1e-3f, 0),
                smallest,
                uniform);
    }

    /** The paper's sequence, of which hidden layers of 1,000 are its network. */
    private static EwcTraining permuted(int hidden) {
        return ewc(
                EwcTasks.PERMUTED,
                PERMUTED_TASKS,
                Architecture.twoHiddenLayers(PADDED * PADDED, hidden, PERMUTED_OUTPUTS),
                PADDED,
                12_800,
                new TrainingSettings(100, 128, 1e-3f, 0),
                3,
                -3);
    }

    private static EwcTraining ewc(
            EwcTasks tasks,
            int count,
            Architecture architecture,
            int side,
            int most,
            TrainingSettings adam,
            int smallest,
            int uniform) {
        List<EwcMethod> methods = EwcMethod.SETTING.stream()
                .filter(method -> method != EwcMethod.EXACT)
                .toList();
        return new EwcTraining(
                tasks,
                count,
                architecture,
                side,
                most,
                adam,
                EMPIRICAL,
                methods,
                new EdgeSearch(10, smallest, smallest + 2, FURTHER),
                new EdgeSearch(10, uniform, uniform + 2, FURTHER));
    }
}
