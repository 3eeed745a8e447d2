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
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.data.Split;
import io.squisher.examples.reproduce.setting.Architecture;
import io.squisher.examples.reproduce.setting.LayerAgreement;
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

/**
 * Setting 3: keep the parameters of the largest ½ F θ² (Theis et al. 2018) against random ones, and the largest |θ|.
 *
 * @param percent how much of the weights is pruned, each in turn
 * @param mended whether accumulators that remember less of earlier parameters are compared as well, and a second training
 *     whose learning rate falls to 0
 */
public record Pruning(
        Architecture architecture,
        int steps,
        float rate,
        int batch,
        SavedModel.FisherSettings fisher,
        List<Integer> percent,
        boolean mended,
        double referenceSeconds)
        implements Setting {
    static final String MAGNITUDE = "magnitude";
    private static final Part PART = new Part("accuracy after pruning", "test accuracy (%)", "weights pruned (%)");
    private static final Part FALLING =
            new Part("accuracy after pruning, learning rate falling to 0", "test accuracy (%)", "weights pruned (%)");

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
        return mended ? List.of(PART, FALLING) : List.of(PART);
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
                Listed.of(percent) + " % of the weights of all layers together, biases kept, once, no training after");
        if (mended) {
            words.put(
                    PruningModels.LAST_PASS,
                    "a new Adam's accumulator of one more pass over the training images at the same parameters");
            words.put(
                    PruningModels.SHORT,
                    "an average of the squared gradients with that decay, kept beside Adam's in the same training");
            words.put("learning rate falling to 0", "a training of its own, the rate lower by as much in each step");
        }
        return words;
    }

    @Override
    public Outcome run(Run run) {
        Split split = run.source().split(run.seed());
        float[] all = new float[run.source().classes()];
        PruningModels models = new PruningModels(this, split.training(), all, run.seed());
        Path stem = run.folder().resolve("model");
        SavedModel model = mended ? models.mended(stem) : models.plain(stem);
        List<Point> points = new ArrayList<>(pruned(run, model, PART, split.test()));
        List<LayerAgreement> layers = new ArrayList<>(model.layers());
        if (mended) {
            SavedModel falling = models.falling(run.folder().resolve("falling"));
            points.addAll(pruned(run, falling, FALLING, split.test()));
            falling.layers().forEach(layer -> layers.add(layer.renamed(layer.layer() + ", rate falling to 0")));
        }
        return new Outcome(points, layers, List.of(model.cost()), Map.of());
    }

    /** The accuracy of a model, whole and pruned. */
    private List<Point> pruned(Run run, SavedModel model, Part part, LabelledImages images) {
        List<Point> points = new ArrayList<>();
        float[] all = new float[run.source().classes()];
        double whole = SavedModel.accuracy(model.model(), images, all);
        try (OpenFiles files = new OpenFiles()) {
            WeightSource weights = files.weights(model.model());
            scorings(files, model, weights, run.seed()).forEach((method, scoring) -> {
                points.add(new Point(part.name(), method, 0, whole));
                for (int share : percent) {
                    Path file = prune(run, weights, scoring, share);
                    points.add(new Point(part.name(), method, share, SavedModel.accuracy(file, images, all)));
                }
            });
        }
        return points;
    }

    private static Map<String, Scoring> scorings(OpenFiles files, SavedModel model, WeightSource weights, long seed) {
        Map<String, Scoring> scorings = new LinkedHashMap<>();
        model.diagonals().forEach((name, file) -> scorings.put(name, new LossRiseScoring(weights, files.fisher(file))));
        scorings.put(Panel.PRUNING.baseline(), RandomScoring.ofWeights(weights, seed));
        scorings.put(MAGNITUDE, new MagnitudeScoring(weights));
        return scorings;
    }

    private static Path prune(Run run, WeightSource weights, Scoring scoring, int share) {
        PruneOptions options = new PruneOptions(share / 100.0, Scope.GLOBAL, Optional.of(Pattern.compile("\\.bias$")));
        PrunePlan plan = Prune.plan(weights, scoring, options);
        return OpenFiles.write(run.folder().resolve("pruned.onnx"), weights, plan.tensors(), plan.metadata());
    }
}
