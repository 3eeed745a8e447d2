package io.squisher.examples.reproduce.pruning;

import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.network.Classifier;
import io.squisher.examples.network.InitialValues;
import io.squisher.examples.network.TrainedNetwork;
import io.squisher.examples.network.TrainingParts;
import io.squisher.examples.network.TrainingSettings;
import io.squisher.examples.reproduce.setting.LayerAgreement;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.SavedModel;
import io.squisher.examples.reproduce.setting.SavedModel.FisherSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trains what is pruned, and takes its accumulators: Adam's own, and those that remember less of earlier parameters. */
final class PruningModels {
    /** Of one more pass over the images, in which the parameters stay where they are. */
    static final String LAST_PASS = "Squisher of a last pass";

    /** Kept beside Adam's own in the same training. */
    static final String SHORT = "Squisher, beta2 0.95";

    private static final float SHORT_BETA2 = 0.95f;

    /** So low that no parameter moves in float32. */
    private static final float STILL = 1e-30f;

    private final Pruning pruning;
    private final LabelledImages images;
    private final float[] offsets;
    private final long seed;

    PruningModels(Pruning pruning, LabelledImages images, float[] offsets, long seed) {
        this.pruning = pruning;
        this.images = images;
        this.offsets = offsets.clone();
        this.seed = seed;
    }

    /** A model with Adam's accumulator alone. */
    SavedModel plain(Path stem) {
        try (TrainedNetwork trained = trained(settings(), TrainingParts.PLAIN)) {
            return SavedModel.save(trained, images, offsets, pruning.fisher(), stem);
        }
    }

    /** The same model with what may mend its accumulator beside. */
    SavedModel mended(Path stem) {
        try (TrainedNetwork trained = trained(settings(), TrainingParts.averaging(SHORT_BETA2))) {
            SavedModel model = SavedModel.save(trained, images, offsets, pruning.fisher(), stem);
            Map<String, Path> more = new LinkedHashMap<>();
            more.put(LAST_PASS, lastPass(trained.values(), beside(stem, "-last-pass")));
            more.put(SHORT, trained.saveOwn(beside(stem, "-short")));
            return with(model, more);
        }
    }

    /** A model whose learning rate fell to 0. */
    SavedModel falling(Path stem) {
        FisherSettings empirical = new FisherSettings(pruning.fisher().most(), false);
        try (TrainedNetwork trained = trained(settings().fallingToZero(), TrainingParts.averaging(SHORT_BETA2))) {
            SavedModel model = SavedModel.save(trained, images, offsets, empirical, stem);
            return with(model, Map.of(SHORT, trained.saveOwn(beside(stem, "-short"))));
        }
    }

    private TrainedNetwork trained(TrainingSettings settings, TrainingParts parts) {
        Classifier network = pruning.architecture().network(InitialValues.random(seed));
        TrainedNetwork trained = TrainedNetwork.open(network, settings, parts);
        trained.run(images, offsets);
        return trained;
    }

    private TrainingSettings settings() {
        return new TrainingSettings(pruning.steps(), pruning.batch(), pruning.rate(), seed);
    }

    private Path lastPass(Map<String, float[]> values, Path stem) {
        TrainingSettings pass = new TrainingSettings(images.size() / pruning.batch(), pruning.batch(), STILL, seed);
        Classifier network = pruning.architecture().network(InitialValues.of(values));
        try (TrainedNetwork still = TrainedNetwork.train(network, images, offsets, pass)) {
            // A bias of 0 moves even so.
            still.assign(values);
            return still.save(stem);
        }
    }

    private static Path beside(Path stem, String suffix) {
        return stem.resolveSibling(stem.getFileName() + suffix);
    }

    private static SavedModel with(SavedModel model, Map<String, Path> more) {
        Map<String, Path> diagonals = new LinkedHashMap<>(model.diagonals());
        List<LayerAgreement> layers = new ArrayList<>(model.layers());
        more.forEach((name, file) -> {
            diagonals.put(name, file);
            SavedModel.agreement(model.diagonals().get(Methods.FISHER), file).stream()
                    .filter(layer -> layer.layer().equals(LayerAgreement.ALL))
                    .forEach(layer -> layers.add(layer.renamed(LayerAgreement.ALL + LayerAgreement.OF + name)));
        });
        return new SavedModel(model.model(), diagonals, model.images(), layers, model.cost());
    }
}
