package io.squisher.examples.reproduce.masking;

import io.squisher.Counted;
import io.squisher.apps.mask.FishMask;
import io.squisher.apps.mask.FisherScoring;
import io.squisher.apps.mask.MaskOptions;
import io.squisher.apps.mask.MaskOptions.HeadCount;
import io.squisher.apps.mask.Reset;
import io.squisher.apps.topk.RandomScoring;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.data.Split;
import io.squisher.examples.network.Classifier;
import io.squisher.examples.network.InitialValues;
import io.squisher.examples.network.TrainedNetwork;
import io.squisher.examples.network.TrainingParts;
import io.squisher.examples.network.TrainingSettings;
import io.squisher.examples.reproduce.setting.Architecture;
import io.squisher.examples.reproduce.setting.Groups;
import io.squisher.examples.reproduce.setting.Listed;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.setting.Panel;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.reproduce.setting.Point;
import io.squisher.examples.reproduce.setting.Run;
import io.squisher.examples.reproduce.setting.RunResult.Outcome;
import io.squisher.examples.reproduce.setting.SavedModel;
import io.squisher.examples.reproduce.setting.Setting;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Setting 4: FISH masks (Sung et al. 2021) against random ones. A network learns one half of the classes, and is fine-tuned
 * on the other. Both uses of the mask: reset what it leaves out to the pre-trained values; or train nothing else from the start.
 */
public record FishMasking(Options options, double referenceSeconds) implements Setting {
    private static final Part RESET =
            new Part("other parameters reset", "test accuracy, new classes (%)", "body parameters kept (%)");
    private static final Part TRAINED =
            new Part("only the mask trained", "test accuracy, new classes (%)", "body parameters trained (%)");

    /** The mask of the published method for training: from the Fisher at the pre-trained weights. */
    private static final String AT_START = "Fisher at the start";

    /**
     * How it is trained.
     *
     * @param percent shares of parameters in the masks
     */
    public record Options(
            Architecture architecture,
            int baseSteps,
            int steps,
            float rate,
            int batch,
            SavedModel.FisherSettings fisher,
            List<Double> percent) {}

    /** A task's images and the offsets of its classes. */
    private record Half(LabelledImages training, LabelledImages test, float[] offsets) {
        static Half of(Split split, Set<Integer> classes, int outputs) {
            return new Half(
                    split.training().withLabels(classes::contains),
                    split.test().withLabels(classes::contains),
                    Classifier.offsets(outputs, classes));
        }
    }

    @Override
    public String name() {
        return "fish-mask";
    }

    @Override
    public Panel panel() {
        return Panel.FISH_MASK;
    }

    @Override
    public List<Part> parts() {
        return List.of(RESET, TRAINED);
    }

    @Override
    public Map<String, String> hyperparameters() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("network", options.architecture().words());
        words.put("pre-training", Counted.of(options.baseSteps(), "step") + " of Adam on a random half of the classes");
        words.put("fine-tuning", Counted.of(options.steps(), "step") + " of Adam on the other half");
        words.put("learning rate", Float.toString(options.rate()));
        words.put("batch", Integer.toString(options.batch()));
        words.put("examples of the Fisher", "at most " + options.fisher().most());
        words.put(
                "masks",
                Listed.of(options.percent())
                        + " % of all parameters but the head's, over all layers together; the head is always trained and kept."
                        + " Masks of both parts come from the fine-tuned model; '" + AT_START
                        + "' is the published way to choose what to train");
        return words;
    }

    @Override
    public Outcome run(Run run) {
        Split split = run.source().split(run.seed());
        int outputs = options.architecture().outputs();
        List<Set<Integer>> halves = Groups.of(run.source().classes(), 2, run.seed());
        Half old = Half.of(split, halves.get(0), outputs);
        Half fresh = Half.of(split, halves.get(1), outputs);
        Path base = run.folder().resolve("base.onnx");
        Map<String, float[]> start;
        Classifier network = options.architecture().network(InitialValues.random(run.seed()));
        try (TrainedNetwork trained = TrainedNetwork.train(
                network, old.training(), old.offsets(), settings(options.baseSteps(), run.seed()))) {
            trained.exportTask(base);
            start = trained.values();
        }
        SavedModel tuned;
        network = options.architecture().network(InitialValues.of(start));
        try (TrainedNetwork trained = TrainedNetwork.train(
                network, fresh.training(), fresh.offsets(), settings(options.steps(), run.seed()))) {
            tuned = SavedModel.save(
                    trained,
                    fresh.training(),
                    fresh.offsets(),
                    options.fisher(),
                    run.folder().resolve("tuned"));
        }
        return new Outcome(points(run, base, start, tuned, fresh), tuned.layers(), List.of(tuned.cost()), Map.of());
    }

    private TrainingSettings settings(int steps, long seed) {
        return new TrainingSettings(steps, options.batch(), options.rate(), seed);
    }

    private List<Point> points(Run run, Path base, Map<String, float[]> start, SavedModel tuned, Half fresh) {
        List<Point> points = new ArrayList<>();
        double whole = SavedModel.accuracy(tuned.model(), fresh.test(), fresh.offsets());
        try (OpenFiles files = new OpenFiles();
                TrainedNetwork retrained = TrainedNetwork.open(
                        options.architecture().network(InitialValues.of(start)),
                        settings(options.steps(), run.seed()),
                        TrainingParts.MASKED)) {
            WeightSource fineTuned = files.weights(tuned.model());
            WeightSource preTrained = files.weights(base);
            Map<String, Scoring> scorings = new LinkedHashMap<>();
            tuned.diagonals().forEach((name, file) -> scorings.put(name, new FisherScoring(files.fisher(file))));
            var shapes = files.fisher(tuned.diagonals().get(Methods.FISHER)).diagonal();
            scorings.put(Panel.FISH_MASK.baseline(), RandomScoring.ofShapes(shapes, run.seed()));
            Path atStart = run.folder().resolve("start.fisher.safetensors");
            LabelledImages examples = options.fisher().examples(fresh.training());
            SavedModel.fisher(base, examples, fresh.offsets(), new FisherKind.Empirical(), atStart);
            Scoring published = new FisherScoring(files.fisher(atStart));
            for (double percent : options.percent()) {
                scorings.forEach((method, scoring) -> {
                    Map<String, Tensor> masks = mask(shapes, scoring, percent);
                    Path reset = OpenFiles.write(
                            run.folder().resolve("reset.onnx"),
                            fineTuned,
                            Reset.plan(fineTuned, preTrained, masks),
                            Map.of());
                    double kept = SavedModel.accuracy(reset, fresh.test(), fresh.offsets());
                    points.add(new Point(RESET.name(), method, percent, kept));
                    points.add(new Point(TRAINED.name(), method, percent, train(retrained, start, masks, fresh)));
                });
                points.add(new Point(
                        TRAINED.name(),
                        AT_START,
                        percent,
                        train(retrained, start, mask(shapes, published, percent), fresh)));
            }
        }
        points.add(new Point(
                RESET.name(),
                "all parameters",
                options.percent().get(options.percent().size() - 1),
                whole));
        return points;
    }

    private static Map<String, Tensor> mask(io.squisher.fisher.FisherDiagonal shapes, Scoring scoring, double percent) {
        MaskOptions mask = new MaskOptions(
                percent / 100, Scope.GLOBAL, Optional.of(Pattern.compile("^" + Classifier.HEAD)), HeadCount.OUTSIDE);
        return FishMask.plan(shapes, scoring, mask).masks();
    }

    private static double train(
            TrainedNetwork network, Map<String, float[]> start, Map<String, Tensor> masks, Half fresh) {
        network.restart(start);
        network.freeze(masks);
        network.run(fresh.training(), fresh.offsets());
        return network.accuracy(fresh.test(), fresh.offsets());
    }
}
