package io.squisher.examples.demo;

import io.squisher.apps.merge.AverageMethod;
import io.squisher.apps.merge.FisherMethod;
import io.squisher.examples.data.Digits;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.data.Split;
import io.squisher.examples.demo.SeedResult.Method;
import io.squisher.examples.diagonals.ModelFiles;
import io.squisher.examples.merging.FileMerge;
import io.squisher.examples.merging.ModelWithFisher;
import io.squisher.examples.network.Classifier;
import io.squisher.examples.network.InitialValues;
import io.squisher.examples.network.TrainedNetwork;
import io.squisher.examples.network.TrainingSettings;
import io.squisher.format.npy.NpzWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Everything for one seed, in a folder of its own: train, export, compute, merge, evaluate. */
final class SeedRun {
    private final LabelledImages digits;
    private final DemoSettings settings;

    SeedRun(LabelledImages digits, DemoSettings settings) {
        this.digits = digits;
        this.settings = settings;
    }

    /** Runs it; {@code folder} exists. */
    SeedResult run(Path folder, long seed) {
        Split split = Split.of(digits, seed);
        writeData(split, folder);
        Path base = folder.resolve("pre-trained.onnx");
        Map<String, float[]> start = pretrain(split, base, seed);
        List<FineTuned> models = new ArrayList<>();
        for (Task task : Task.halves(seed)) {
            models.add(FineTuned.train(task, start, split, settings, folder, seed));
        }
        Map<Method, Path> files = new EnumMap<>(Method.class);
        files.put(Method.PRE_TRAINED, base);
        files.put(Method.MODEL_A, models.get(0).files().model());
        files.put(Method.MODEL_B, models.get(1).files().model());
        files.putAll(merge(models, folder));
        return new SeedResult(
                seed, folder, accuracies(files, split.test()), accuracies(files, split.validation()), models);
    }

    /** The images, so that the models can be tried with every command. */
    private static void writeData(Split split, Path folder) {
        NpzWriter.write(folder.resolve("training.npz"), split.training().toArrays());
        NpzWriter.write(folder.resolve("validation.npz"), split.validation().toArrays());
        NpzWriter.write(folder.resolve("test.npz"), split.test().toArrays());
    }

    private Map<String, float[]> pretrain(Split split, Path target, long seed) {
        Classifier network =
                new Classifier(DemoSettings.BODY, Digits.PIXELS, Digits.CLASSES, InitialValues.random(seed));
        TrainingSettings training = new TrainingSettings(
                settings.pretrainingSteps(), DemoSettings.BATCH, DemoSettings.PRETRAINING_RATE, seed);
        try (TrainedNetwork trained =
                TrainedNetwork.train(network, split.training(), new float[Digits.CLASSES], training)) {
            trained.export(target);
            return trained.values();
        }
    }

    private static Map<Method, Path> merge(List<FineTuned> models, Path folder) {
        List<ModelWithFisher> fishers = models.stream()
                .map(m -> new ModelWithFisher(m.files().model(), m.files().fisher()))
                .toList();
        List<ModelWithFisher> squishers = models.stream()
                .map(m -> new ModelWithFisher(m.files().model(), m.files().squisher()))
                .toList();
        Map<Method, Path> merged = new EnumMap<>(Method.class);
        merged.put(Method.AVERAGE, folder.resolve("merged-average.onnx"));
        merged.put(Method.FISHER, folder.resolve("merged-fisher.onnx"));
        merged.put(Method.SQUISHER, folder.resolve("merged-squisher.onnx"));
        FileMerge.merge(fishers, new AverageMethod(), merged.get(Method.AVERAGE));
        FileMerge.merge(fishers, new FisherMethod(DemoSettings.MERGE), merged.get(Method.FISHER));
        FileMerge.merge(squishers, new FisherMethod(DemoSettings.MERGE), merged.get(Method.SQUISHER));
        return merged;
    }

    private static Map<Method, Double> accuracies(Map<Method, Path> files, LabelledImages images) {
        Map<Method, Double> accuracies = new EnumMap<>(Method.class);
        files.forEach((method, file) -> accuracies.put(method, ModelFiles.accuracy(file, images, Digits.CLASSES)));
        return accuracies;
    }
}
