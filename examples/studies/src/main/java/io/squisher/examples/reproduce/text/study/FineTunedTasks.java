package io.squisher.examples.reproduce.text.study;

import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.text.model.DiagonalAgreement;
import io.squisher.examples.reproduce.text.model.FineTuning;
import io.squisher.examples.reproduce.text.model.Scorer;
import io.squisher.examples.reproduce.text.model.TextModels;
import io.squisher.examples.reproduce.text.model.TunedModel;
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
        return List.of(ACCURACY, AGREEMENT, RATIO, COST);
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

    private static List<TextPoint> measure(TextStudy study, TextTask task, long seed) {
        TextModels models = study.models();
        List<TextPoint> points = new ArrayList<>();
        double head = Scorer.accuracy(
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
