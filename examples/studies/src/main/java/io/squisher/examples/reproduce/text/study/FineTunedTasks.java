package io.squisher.examples.reproduce.text.study;

import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.setting.Seeds;
import io.squisher.examples.reproduce.text.model.DiagonalAgreement;
import io.squisher.examples.reproduce.text.model.FineTuning;
import io.squisher.examples.reproduce.text.model.TextModels;
import io.squisher.examples.reproduce.text.model.TunedModel;
import io.squisher.examples.reproduce.text.task.TaskSample;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.TextPoint;
import io.squisher.examples.reproduce.text.unit.Unit;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the settings start from: the encoder fine-tuned on each task, its Squisher and its Fisher. */
public final class FineTunedTasks implements TextSetting {
    private static final TextPart ACCURACY = TextPart.told("own task", "test accuracy (%)", "");
    private static final TextPart AGREEMENT =
            TextPart.told("agreement with the Fisher", "rank correlation; shares of the largest tenth in common", "");
    private static final TextPart RATIO = TextPart.told("scale", "sum of B·Squisher over that of the Fisher", "");
    private static final TextPart COST = TextPart.told("cost", "seconds", "");
    private static final TextPart RATE = TextPart.told(
            "choice of the learning rate", "validation accuracy (%), seed " + Seeds.CHOICE, "learning rate");

    /** Tasks of different kinds: sentiment, questions, opinions, intents. */
    private static final List<String> RATE_TASKS = List.of("sst2", "trec", "mpqa", "snips");

    private static final List<Double> RATES = List.of(2e-5, 5e-5, 1e-4, 2e-4, 4e-4);
    private static final double NANO = 1e-9;

    @Override
    public String name() {
        return "models";
    }

    @Override
    public String title() {
        return "Fine-tuned models";
    }

    @Override
    public String words() {
        return "A head over the mean of the tokens is trained first, " + TextModels.HEAD_EPOCHS
                + " epochs on the encoder as it is; then everything, " + FineTuning.USUAL.words()
                + ". The learning rate is that of the highest mean validation accuracy over " + RATE_TASKS
                + ". Agreement and scale are of the weights of the layers.";
    }

    @Override
    public String paper() {
        return "";
    }

    @Override
    public int seeds() {
        return 0;
    }

    @Override
    public List<TextPart> parts() {
        return List.of(ACCURACY, AGREEMENT, RATIO, COST, RATE);
    }

    @Override
    public List<TextTask> tuned(TextStudy study) {
        return List.of();
    }

    @Override
    public List<Unit> units(TextStudy study, long seed) {
        return units(study, study.tasks(), seed);
    }

    /** A unit for each task. */
    List<Unit> units(TextStudy study, List<TextTask> tasks, long seed) {
        return tasks.stream()
                .map(task -> new Unit(
                        name(),
                        task.name().replace('_', '-'),
                        seed,
                        study.head(task)
                                .plus(study.training(task, FineTuning.USUAL))
                                .plus(study.fisher(task))
                                .plus(study.test(task).times(2)),
                        place -> measure(study, task, seed)))
                .toList();
    }

    /** A unit for each task that the learning rate is chosen on. */
    List<Unit> rates(TextStudy study) {
        List<Double> rates = study.places(RATES);
        return study.twoOrMore(RATE_TASKS).stream()
                .map(task -> new Unit(
                        name(),
                        "rate-" + task.name().replace('_', '-'),
                        Seeds.CHOICE,
                        study.head(task)
                                .plus(study.training(task, FineTuning.USUAL)
                                        .plus(study.validation(task))
                                        .times(rates.size())),
                        place -> rates.stream()
                                .map(rate -> validated(study.models(), task, rate, place))
                                .toList()))
                .toList();
    }

    private static TextPoint validated(TextModels models, TextTask task, double rate, Unit.Place place) {
        TaskSample sample = models.sample(task, Seeds.CHOICE);
        TunedModel tuned = models.tune(
                models.probe(task, Seeds.CHOICE),
                sample,
                FineTuning.USUAL.withRate(rate),
                Seeds.CHOICE,
                place.scratch().resolve("tuned.onnx"));
        double accuracy = models.accuracy(tuned.model(), sample.validation());
        return new TextPoint(RATE.name(), "all parameters", rate, task.name(), accuracy);
    }

    private static List<TextPoint> measure(TextStudy study, TextTask task, long seed) {
        TextModels models = study.models();
        List<TextPoint> points = new ArrayList<>();
        double head = models.accuracy(
                models.probe(task, seed), models.sample(task, seed).test());
        TunedModel tuned = models.tuned(task, seed);
        points.add(point(ACCURACY, "head alone", task, head));
        points.add(point(ACCURACY, "all parameters", task, models.accuracy(task, seed)));
        long began = System.nanoTime();
        Path fisher = models.fisher(task, seed);
        double seconds = (System.nanoTime() - began) * NANO;
        DiagonalAgreement agreement = DiagonalAgreement.of(fisher, tuned.squisher());
        points.add(point(AGREEMENT, "rank correlation", task, agreement.rankCorrelation()));
        points.add(point(AGREEMENT, "largest tenth", task, agreement.topOverlap()));
        points.add(point(RATIO, TextMethods.SQUISHER, task, agreement.ratio()));
        points.add(point(COST, "training", task, tuned.seconds()));
        points.add(point(COST, "Fisher of " + models.sizes().fisher() + " texts", task, seconds));
        points.add(point(COST, "loading the Squisher", task, loading(tuned.squisher())));
        return points;
    }

    private static double loading(Path squisher) {
        long began = System.nanoTime();
        try (OpenFiles files = new OpenFiles()) {
            files.fisher(squisher).diagonal().tensors().values().forEach(Tensor::toFloats);
        }
        return (System.nanoTime() - began) * NANO;
    }

    private static TextPoint point(TextPart part, String method, TextTask task, double value) {
        return new TextPoint(part.name(), method, 0, task.name(), value);
    }
}
