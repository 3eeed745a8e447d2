package io.squisher.examples.reproduce.merging;

import io.squisher.Counted;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.data.Split;
import io.squisher.examples.network.Classifier;
import io.squisher.examples.network.InitialValues;
import io.squisher.examples.network.TrainedNetwork;
import io.squisher.examples.network.TrainingSettings;
import io.squisher.examples.reproduce.setting.Architecture;
import io.squisher.examples.reproduce.setting.DiagonalCost;
import io.squisher.examples.reproduce.setting.Groups;
import io.squisher.examples.reproduce.setting.LayerAgreement;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.reproduce.setting.Point;
import io.squisher.examples.reproduce.setting.Run;
import io.squisher.examples.reproduce.setting.RunResult.Outcome;
import io.squisher.examples.reproduce.setting.SavedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One pre-trained network and its descendants, each fine-tuned on a group of classes of its own: what both ways of merging
 * start from.
 *
 * @param groups each model's classes
 */
public record FineTunedModels(SavedModel base, List<SavedModel> models, List<Set<Integer>> groups, Split split) {
    static final Part ALL = new Part("accuracy on all classes", "test accuracy on all classes (%)");
    static final Part OWN = new Part("mean accuracy over the tasks", "test accuracy, each task's classes known (%)");

    /** The seeds of a run's divisions of the classes. */
    private static final long SEEDS_APART = 10_000;

    /**
     * How they are trained.
     *
     * @param divisions how many times the classes are divided
     * @param count into how many groups, each of which has a model
     * @param baseSteps steps of pre-training, on all classes
     * @param steps steps of fine-tuning, the softmax over the model's own classes
     */
    public record Options(
            Architecture architecture,
            int divisions,
            int count,
            int baseSteps,
            float baseRate,
            int steps,
            float rate,
            int batch,
            SavedModel.FisherSettings fisher) {
        Map<String, String> words() {
            Map<String, String> words = new LinkedHashMap<>();
            words.put("network", architecture.words());
            words.put(
                    "pre-training",
                    Counted.of(baseSteps, "step") + " of Adam on all classes, learning rate " + baseRate);
            words.put(
                    "fine-tuning",
                    divisions * count + " models of " + architecture.outputs() / count + " classes each, "
                            + Counted.of(steps, "step")
                            + " of Adam, learning rate " + rate
                            + ", beta2 0.999, softmax over the model's own classes");
            words.put("batch", Integer.toString(batch));
            words.put("examples of the Fisher", "at most " + fisher.most());
            return words;
        }
    }

    static FineTunedModels train(Run run, Options options) {
        Split split = run.source().split(run.seed());
        int classes = run.source().classes();
        List<Set<Integer>> groups = new ArrayList<>();
        for (int division = 0; division < options.divisions(); division++) {
            groups.addAll(Groups.of(classes, options.count(), run.seed() + SEEDS_APART * division));
        }
        TrainingSettings pretraining =
                new TrainingSettings(options.baseSteps(), options.batch(), options.baseRate(), run.seed());
        SavedModel base;
        Map<String, float[]> start;
        Classifier network = options.architecture().network(InitialValues.random(run.seed()));
        try (TrainedNetwork trained =
                TrainedNetwork.train(network, split.training(), new float[classes], pretraining)) {
            base = SavedModel.save(
                    trained,
                    split.training(),
                    new float[classes],
                    options.fisher(),
                    run.folder().resolve("base"));
            start = trained.values();
        }
        List<SavedModel> models = new ArrayList<>();
        for (Set<Integer> group : groups) {
            Path stem = run.folder().resolve("model-" + (models.size() + 1));
            models.add(fineTune(start, split.training().withLabels(group::contains), group, options, stem, run.seed()));
        }
        return new FineTunedModels(base, models, groups, split);
    }

    private static SavedModel fineTune(
            Map<String, float[]> start,
            LabelledImages images,
            Set<Integer> group,
            Options options,
            Path stem,
            long seed) {
        float[] offsets = Classifier.offsets(options.architecture().outputs(), group);
        Classifier network = options.architecture().network(InitialValues.of(start));
        TrainingSettings settings = new TrainingSettings(options.steps(), options.batch(), options.rate(), seed);
        try (TrainedNetwork trained = TrainedNetwork.train(network, images, offsets, settings)) {
            return SavedModel.save(trained, images, offsets, options.fisher(), stem);
        }
    }

    /** The two accuracies of a model. */
    List<Point> accuracies(String method, Path model) {
        int classes = (int) groups.stream().flatMap(Set::stream).distinct().count();
        double own = groups.stream()
                .mapToDouble(group -> SavedModel.accuracy(
                        model, split.test().withLabels(group::contains), Classifier.offsets(classes, group)))
                .average()
                .orElseThrow();
        double all = SavedModel.accuracy(model, split.test(), new float[classes]);
        return List.of(new Point(ALL.name(), method, all), new Point(OWN.name(), method, own));
    }

    /** The accuracies of what was not merged: the pre-trained model, and the mean of the fine-tuned ones. */
    List<Point> accuraciesUnmerged() {
        List<Point> points = new ArrayList<>(accuracies("pre-trained", base.model()));
        for (Part part : List.of(ALL, OWN)) {
            double mean = models.stream()
                    .flatMap(model -> accuracies("", model.model()).stream())
                    .filter(point -> point.part().equals(part.name()))
                    .mapToDouble(Point::value)
                    .average()
                    .orElseThrow();
            points.add(new Point(part.name(), "single models", mean));
        }
        return points;
    }

    Outcome outcome(List<Point> points) {
        List<LayerAgreement> layers =
                models.stream().flatMap(model -> model.layers().stream()).toList();
        List<DiagonalCost> costs = Stream.concat(Stream.of(base), models.stream())
                .map(SavedModel::cost)
                .toList();
        return new Outcome(points, layers, costs, Map.of());
    }
}
