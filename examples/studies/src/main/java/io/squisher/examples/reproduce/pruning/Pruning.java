package io.squisher.examples.reproduce.pruning;

import io.squisher.Counted;
import io.squisher.apps.prune.LossRiseScoring;
import io.squisher.apps.prune.MagnitudeScoring;
import io.squisher.apps.prune.Prune;
import io.squisher.apps.prune.PruneOptions;
import io.squisher.apps.prune.PrunePlan;
import io.squisher.apps.topk.RandomScoring;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.examples.data.Split;
import io.squisher.examples.network.Classifier;
import io.squisher.examples.network.InitialValues;
import io.squisher.examples.network.TrainedNetwork;
import io.squisher.examples.network.TrainingSettings;
import io.squisher.examples.reproduce.setting.Architecture;
import io.squisher.examples.reproduce.setting.Listed;
import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.setting.Panel;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.reproduce.setting.Point;
import io.squisher.examples.reproduce.setting.Run;
import io.squisher.examples.reproduce.setting.RunResult.Outcome;
import io.squisher.examples.reproduce.setting.SavedModel;
import io.squisher.examples.reproduce.setting.Setting;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Setting 3: keep the parameters of the largest ½ F θ² (Theis et al. 2018) against random ones, and the largest |θ|. */
public record Pruning(
        Architecture architecture,
        int steps,
        float rate,
        int batch,
        SavedModel.FisherSettings fisher,
        double referenceSeconds)
        implements Setting {
    static final String MAGNITUDE = "magnitude";
    private static final List<Integer> PERCENT = List.of(25, 50, 75, 90);
    private static final Part PART = new Part("accuracy after pruning", "test accuracy (%)", "weights pruned (%)");

    @Override
    public String name() {
        return "pruning";
    }

    @Override
    public Panel panel() {
        return Panel.PRUNING;
    }

    @Override
    public List<Part> parts() {
        return List.of(PART);
    }

    @Override
    public Map<String, String> hyperparameters() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("network", architecture.words());
        words.put(
                "training",
                Counted.of(steps, "step") + " of Adam, learning rate " + rate + ", beta2 0.999, batch " + batch);
        words.put("examples of the Fisher", "at most " + fisher.most());
        words.put(
                "pruning",
                Listed.of(PERCENT) + " % of the weights of all layers together, biases kept, once, no training after");
        return words;
    }

    @Override
    public Outcome run(Run run) {
        Split split = run.source().split(run.seed());
        float[] all = new float[run.source().classes()];
        Classifier network = architecture.network(InitialValues.random(run.seed()));
        TrainingSettings settings = new TrainingSettings(steps, batch, rate, run.seed());
        SavedModel model;
        try (TrainedNetwork trained = TrainedNetwork.train(network, split.training(), all, settings)) {
            model = SavedModel.save(
                    trained, split.training(), all, fisher, run.folder().resolve("model"));
        }
        List<Point> points = new ArrayList<>();
        double whole = SavedModel.accuracy(model.model(), split.test(), all);
        try (OpenFiles files = new OpenFiles()) {
            WeightSource weights = files.weights(model.model());
            scorings(files, model, weights, run.seed()).forEach((method, scoring) -> {
                points.add(new Point(PART.name(), method, 0, whole));
                for (int percent : PERCENT) {
                    Path pruned = prune(run, weights, scoring, percent);
                    points.add(new Point(PART.name(), method, percent, SavedModel.accuracy(pruned, split.test(), all)));
                }
            });
        }
        return new Outcome(points, model.layers(), List.of(model.cost()), Map.of());
    }

    private static Map<String, Scoring> scorings(OpenFiles files, SavedModel model, WeightSource weights, long seed) {
        Map<String, Scoring> scorings = new LinkedHashMap<>();
        model.diagonals().forEach((name, file) -> scorings.put(name, new LossRiseScoring(weights, files.fisher(file))));
        scorings.put(Panel.PRUNING.baseline(), RandomScoring.ofWeights(weights, seed));
        scorings.put(MAGNITUDE, new MagnitudeScoring(weights));
        return scorings;
    }

    private static Path prune(Run run, WeightSource weights, Scoring scoring, int percent) {
        PruneOptions options =
                new PruneOptions(percent / 100.0, Scope.GLOBAL, Optional.of(Pattern.compile("\\.bias$")));
        PrunePlan plan = Prune.plan(weights, scoring, options);
        return OpenFiles.write(run.folder().resolve("pruned.onnx"), weights, plan.tensors(), plan.metadata());
    }
}
