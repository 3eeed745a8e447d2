package io.squisher.examples.reproduce.text.study;

import io.squisher.apps.mask.FishMask;
import io.squisher.apps.mask.FisherScoring;
import io.squisher.apps.mask.MaskOptions;
import io.squisher.apps.mask.MaskOptions.HeadCount;
import io.squisher.apps.mask.Reset;
import io.squisher.apps.plan.NamedFisher;
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
import io.squisher.onnx.training.OnnxTrainer;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Setting 4: FISH masks (Sung et al. 2021). Fine-tuned bodies of which only the masked parameters are kept; and bodies of which
 * only those are trained.
 */
public final class TextMask implements TextSetting {
    private static final List<String> TASKS =
            List.of("sst2", "trec", "subj", "cr", "mpqa", "tweet_emotion", "sms_spam", "snips", "tweet_irony");

    private static final TextPart RESET = TextPart.compared(
            "other parameters reset",
            "test accuracy, % of that of the task's own model",
            "body parameters kept (%)",
            TextMethods.RANDOM);
    private static final TextPart TRAINED = TextPart.compared(
            "only the mask trained",
            "test accuracy, % of that of the task's own model",
            "body parameters trained (%)",
            TextMethods.RANDOM);

    private static final List<Double> KEPT = List.of(0.5, 2.0, 5.0, 20.0, 50.0);
    private static final List<Double> SPARSE = List.of(0.5, 5.0);

    /** The mask of the published method for training: from the Fisher before it. */
    private static final String AT_START = "Fisher at the start";

    /** Each place takes a training: fewer tasks. */
    private static final int TRAINED_TASKS = 3;

    @Override
    public String name() {
        return "mask";
    }

    @Override
    public String title() {
        return "FISH mask";
    }

    @Override
    public String words() {
        return "Masks of " + KEPT
                + " % of the body's parameters, over all layers together; the head is always kept and trained."
                + " Reset: the others return to their values before fine-tuning, on " + TASKS
                + ". Trained: nothing else from the start, " + SPARSE + " %, on the first " + TRAINED_TASKS
                + " tasks; masks come from the fine-tuned model, '" + AT_START
                + "' is the published way.";
    }

    @Override
    public String paper() {
        return "both clearly above random, level with each other";
    }

    @Override
    public int seeds() {
        return 5;
    }

    @Override
    public List<TextPart> parts() {
        return List.of(RESET, TRAINED);
    }

    @Override
    public List<TextTask> tuned(TextStudy study) {
        return study.twoOrMore(TASKS);
    }

    @Override
    public List<Unit> units(TextStudy study, long seed) {
        List<Unit> units = new ArrayList<>();
        List<TextTask> tasks = study.twoOrMore(TASKS);
        for (TextTask task : tasks) {
            units.add(new Unit(
                    name(),
                    "reset-" + task.name().replace('_', '-'),
                    seed,
                    study.test(task).times(3.0 * study.places(KEPT).size()),
                    place -> new Run(study, task, seed, place).reset()));
        }
        study.first(TRAINED_TASKS, tasks).forEach(task -> units.add(trained(study, task, seed)));
        return units;
    }

    private Unit trained(TextStudy study, TextTask task, long seed) {
        return new Unit(
                name(),
                "trained-" + task.name().replace('_', '-'),
                seed,
                study.fisher(task)
                        .plus(study.training(task, FineTuning.USUAL)
                                .plus(study.test(task))
                                .times(4.0 * study.places(SPARSE).size())),
                place -> new Run(study, task, seed, place).trained());
    }

    /** One task and seed. */
    private record Run(TextStudy study, TextTask task, long seed, Place place) {
        List<TextPoint> reset() {
            TunedModel tuned = models().tuned(task, seed);
            List<TextPoint> points = new ArrayList<>();
            try (OpenFiles files = new OpenFiles()) {
                WeightSource after = files.weights(tuned.model());
                WeightSource before = files.weights(models().encoder().model());
                NamedFisher fisher = files.fisher(models().fisher(task, seed));
                scorings(files, fisher, tuned).forEach((method, scoring) -> {
                    for (double percent : study.places(KEPT)) {
                        Path model = OpenFiles.write(
                                place.scratch().resolve("reset.onnx"),
                                after,
                                Reset.plan(after, before, mask(fisher, scoring, percent)),
                                Map.of());
                        double accuracy = models().accuracy(
                                        model, models().sample(task, seed).test());
                        points.add(point(RESET, method, percent, accuracy));
                    }
                });
            }
            return points;
        }

        List<TextPoint> trained() {
            TunedModel tuned = models().tuned(task, seed);
            List<TextPoint> points = new ArrayList<>();
            try (OpenFiles files = new OpenFiles()) {
                NamedFisher fisher = files.fisher(models().fisher(task, seed));
                Map<String, Scoring> scorings = scorings(files, fisher, tuned);
                scorings.put(AT_START, new FisherScoring(files.fisher(models().fisherBefore(task, seed))));
                scorings.forEach((method, scoring) -> {
                    for (double percent : study.places(SPARSE)) {
                        double accuracy = place.notes()
                                .number(method + " " + percent, () -> train(mask(fisher, scoring, percent)));
                        points.add(point(TRAINED, method, percent, accuracy));
                    }
                });
            }
            return points;
        }

        private Map<String, Scoring> scorings(OpenFiles files, NamedFisher fisher, TunedModel tuned) {
            Map<String, Scoring> scorings = new LinkedHashMap<>();
            scorings.put(TextMethods.RANDOM, RandomScoring.ofShapes(fisher.diagonal(), seed));
            scorings.put(TextMethods.FISHER, new FisherScoring(fisher));
            scorings.put(TextMethods.SQUISHER, new FisherScoring(files.fisher(tuned.squisher())));
            return scorings;
        }

        /** Test accuracy after a training from the start in which the rest keeps its values. */
        private double train(Map<String, Tensor> masks) {
            TaskSample sample = models().sample(task, seed);
            OnnxTrainer trainer = models().trainer(models().probe(task, seed), seed);
            masks.forEach(trainer::mask);
            Path target = place.scratch().resolve("trained.onnx");
            models().tune(trainer, sample.training(), FineTuning.USUAL, target);
            return models().accuracy(target, sample.test());
        }

        private TextPoint point(TextPart part, String method, double percent, double accuracy) {
            double relative = 100 * accuracy / models().accuracy(task, seed);
            return new TextPoint(part.name(), method, percent, task.name(), relative);
        }

        private TextModels models() {
            return study.models();
        }
    }

    /** Ones for what is kept, or trained; parameters of the head are not in it. */
    private static Map<String, Tensor> mask(NamedFisher shapes, Scoring scoring, double percent) {
        MaskOptions options = new MaskOptions(percent / 100, Scope.GLOBAL, Optional.of(Bodies.HEAD), HeadCount.OUTSIDE);
        return Bodies.ofBody(FishMask.plan(shapes.diagonal(), scoring, options).masks());
    }
}
