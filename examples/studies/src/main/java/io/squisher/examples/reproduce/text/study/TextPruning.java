package io.squisher.examples.reproduce.text.study;

import io.squisher.apps.prune.LossRiseScoring;
import io.squisher.apps.prune.MagnitudeScoring;
import io.squisher.apps.prune.Prune;
import io.squisher.apps.prune.PruneOptions;
import io.squisher.apps.prune.PrunePlan;
import io.squisher.apps.topk.RandomScoring;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.text.model.Bodies;
import io.squisher.examples.reproduce.text.model.FineTuning;
import io.squisher.examples.reproduce.text.model.TextModels;
import io.squisher.examples.reproduce.text.model.TunedModel;
import io.squisher.examples.reproduce.text.task.TaskSample;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.TextPoint;
import io.squisher.examples.reproduce.text.unit.Unit;
import io.squisher.examples.reproduce.text.unit.Unit.Place;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.training.optimizer.Schedule;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Setting 3: of the fine-tuned encoder's layers the weights of the smallest ½ F θ² become 0 (Theis et al. 2018); and what
 * brings the Squisher nearer to the Fisher where much is pruned.
 */
public final class TextPruning implements TextSetting {
    private static final List<String> TASKS = List.of("trec", "subj", "snips");
    private static final String MAGNITUDE = "magnitude";
    private static final String LAST_PASS = "Squisher of a last pass";
    private static final String METRIC = "test accuracy (%)";
    private static final String AXIS = "weights of the layers pruned (%)";

    private static final TextPart PRUNED =
            TextPart.compared("fine-tuned encoder pruned", METRIC, AXIS, TextMethods.RANDOM);
    private static final TextPart FALLING = TextPart.compared("learning rate that fell to 0", METRIC, AXIS, MAGNITUDE);
    private static final TextPart SHORT = TextPart.compared("shorter average, β2 0.95", METRIC, AXIS, MAGNITUDE);

    private static final List<Integer> PERCENT = List.of(25, 50, 75, 90, 95);

    private static final double SHORT_DECAY = 0.95;
    private static final double WARM_UP = 0.1;

    @Override
    public String name() {
        return "pruning";
    }

    @Override
    public String title() {
        return "Pruning";
    }

    @Override
    public String words() {
        return "Matrices of the layers of encoders fine-tuned on " + TASKS + ", all layers together, once, " + PERCENT
                + " %, no training after; tables, biases, normalizations and heads stay. '" + LAST_PASS
                + "' is the accumulator of one more epoch with a learning rate of 1e-30, from 0. The remedies train"
                + " anew: with a learning rate that falls to 0 in a line, and with β2 " + SHORT_DECAY
                + "; Fisher and Squisher are of the same model within each.";
    }

    @Override
    public String paper() {
        return "both clearly above random, the Squisher slightly worse";
    }

    @Override
    public int seeds() {
        return 5;
    }

    @Override
    public List<TextPart> parts() {
        return List.of(PRUNED, FALLING, SHORT);
    }

    @Override
    public List<TextTask> tuned(TextStudy study) {
        return study.first(TASKS.size(), study.tasks(TASKS));
    }

    @Override
    public List<Unit> units(TextStudy study, long seed) {
        List<Unit> units = new ArrayList<>();
        FineTuning falling = FineTuning.USUAL.withSchedule(new Schedule.Linear(WARM_UP));
        FineTuning shorter = FineTuning.USUAL.withBeta2(SHORT_DECAY);
        for (TextTask task : tuned(study)) {
            String name = task.name().replace('_', '-');
            units.add(new Unit(
                    name(),
                    name,
                    seed,
                    study.training(task, FineTuning.IN_PLACE)
                            .plus(study.test(task)
                                    .times(5.0 * study.places(PERCENT).size())),
                    place -> pruned(study, task, seed, place)));
            units.add(remedy(study, task, seed, new Remedy("falling-" + name, FALLING, falling)));
            units.add(remedy(study, task, seed, new Remedy("short-" + name, SHORT, shorter)));
        }
        return units;
    }

    /** Another training. */
    private record Remedy(String name, TextPart part, FineTuning training) {}

    private Unit remedy(TextStudy study, TextTask task, long seed, Remedy remedy) {
        return new Unit(
                name(),
                remedy.name(),
                seed,
                study.training(task, remedy.training())
                        .plus(study.fisher(task))
                        .plus(study.test(task).times(3.0 * study.places(PERCENT).size() + 1)),
                place -> remedied(study, task, seed, remedy, place));
    }

    private static List<TextPoint> pruned(TextStudy study, TextTask task, long seed, Place place) {
        TextModels models = study.models();
        TunedModel tuned = models.tuned(task, seed);
        TaskSample sample = models.sample(task, seed);
        TunedModel again = models.tune(
                tuned.model(),
                sample,
                FineTuning.IN_PLACE,
                seed,
                place.scratch().resolve("again.onnx"));
        try (OpenFiles files = new OpenFiles()) {
            WeightSource weights = files.weights(tuned.model());
            Map<String, Scoring> scorings = new LinkedHashMap<>();
            scorings.put(TextMethods.RANDOM, RandomScoring.ofWeights(weights, seed));
            scorings.put(MAGNITUDE, new MagnitudeScoring(weights));
            scorings.put(TextMethods.FISHER, new LossRiseScoring(weights, files.fisher(models.fisher(task, seed))));
            scorings.put(TextMethods.SQUISHER, new LossRiseScoring(weights, files.fisher(tuned.squisher())));
            scorings.put(LAST_PASS, new LossRiseScoring(weights, files.fisher(again.squisher())));
            return new Whole(study, sample, weights, models.accuracy(task, seed), place).pruned(PRUNED, scorings);
        }
    }

    private static List<TextPoint> remedied(TextStudy study, TextTask task, long seed, Remedy remedy, Place place) {
        TextModels models = study.models();
        TaskSample sample = models.sample(task, seed);
        TunedModel tuned = models.tune(
                models.probe(task, seed),
                sample,
                remedy.training(),
                seed,
                place.scratch().resolve("tuned.onnx"));
        Path fisher = place.scratch().resolve("fisher.safetensors");
        models.fisher(tuned.model(), sample, new FisherKind.Empirical(), fisher);
        try (OpenFiles files = new OpenFiles()) {
            WeightSource weights = files.weights(tuned.model());
            Map<String, Scoring> scorings = new LinkedHashMap<>();
            scorings.put(MAGNITUDE, new MagnitudeScoring(weights));
            scorings.put(TextMethods.FISHER, new LossRiseScoring(weights, files.fisher(fisher)));
            scorings.put(TextMethods.SQUISHER, new LossRiseScoring(weights, files.fisher(tuned.squisher())));
            double whole = models.accuracy(tuned.model(), sample.test());
            return new Whole(study, sample, weights, whole, place).pruned(remedy.part(), scorings);
        }
    }

    /** A model that is to be pruned, and its accuracy as it is. */
    private record Whole(TextStudy study, TaskSample sample, WeightSource weights, double accuracy, Place place) {
        List<TextPoint> pruned(TextPart part, Map<String, Scoring> scorings) {
            List<TextPoint> points = new ArrayList<>();
            scorings.forEach((method, scoring) -> {
                points.add(new TextPoint(part.name(), method, 0, sample.task().name(), accuracy));
                for (int percent : study.places(PERCENT)) {
                    // The accumulator of a last pass names weights that its steps moved in their last bits.
                    PruneOptions options =
                            new PruneOptions(percent / 100.0, Scope.GLOBAL, Optional.of(Bodies.BUT_LAYERS), true);
                    PrunePlan plan = Prune.plan(weights, scoring, options);
                    Path target = place.scratch().resolve("pruned.onnx");
                    OpenFiles.write(target, weights, plan.tensors(), plan.metadata());
                    double left = study.models().accuracy(target, sample.test());
                    points.add(new TextPoint(
                            part.name(), method, percent, sample.task().name(), left));
                }
            });
            return points;
        }
    }
}
