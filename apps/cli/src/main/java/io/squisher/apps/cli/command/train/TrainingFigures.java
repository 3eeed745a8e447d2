package io.squisher.apps.cli.command.train;

import io.squisher.internal.gson.JsonArray;
import io.squisher.onnx.training.EpochReport;
import io.squisher.onnx.training.EpochReport.Score;
import io.squisher.report.Block;
import io.squisher.report.Figure;
import io.squisher.report.Figures;
import io.squisher.report.Figures.Caption;
import io.squisher.report.Figures.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The curves of a training, by step and by epoch. */
record TrainingFigures(TrainingHistory history, StepCurve curve) {
    /** Beyond so many, the ends of epochs would hide the curve. */
    private static final int MOST_MARKS = 24;

    /** By step, and, where there are several epochs, by epoch beside it; then what each step did. */
    List<Block> all() {
        boolean several = history.epochs().size() > 1;
        String metric = history.metric();
        List<Block> figures = new ArrayList<>();
        figures.add(bySteps("loss", "Loss by step", "nats", Score::loss, StepCurve.Point::loss));
        if (several) {
            figures.add(byEpochs("loss-epochs", "Loss by epoch", "nats", Score::loss));
        }
        String unit = metric.equals("accuracy") ? "share" : metric;
        String name = metric.equals("accuracy") ? "Accuracy" : "Root of the mean squared error";
        figures.add(bySteps(metric, name + " by step", unit, Score::metric, StepCurve.Point::metric));
        if (several) {
            figures.add(byEpochs(metric + "-epochs", name + " by epoch", unit, Score::metric));
        }
        figures.add(ofSteps("learning-rate", "learning rate", StepCurve.Point::learningRate));
        figures.add(ofSteps("gradient-norm", "norm of the gradient", StepCurve.Point::norm));
        return figures;
    }

    private Figure bySteps(
            String id,
            String title,
            String unit,
            ToDoubleFunction<Score> score,
            ToDoubleFunction<StepCurve.Point> step) {
        Map<String, Map<Double, Estimate>> lines = new LinkedHashMap<>();
        lines.put("training", steps(step));
        Map<Double, Estimate> validation = new LinkedHashMap<>();
        for (EpochReport epoch : history.epochs()) {
            epoch.validation()
                    .ifPresent(found -> validation.put((double) epoch.step(), point(score.applyAsDouble(found))));
        }
        if (!validation.isEmpty()) {
            lines.put("validation", validation);
        }
        return marked(Figures.lines(
                new Caption(id, title, title + ", of the training and of the validation data", note()),
                "step",
                unit,
                false,
                lines));
    }

    private Figure ofSteps(String id, String name, ToDoubleFunction<StepCurve.Point> value) {
        String title = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        return marked(Figures.lines(
                new Caption(id, title, title + " by step"), "step", name, false, Map.of(name, steps(value))));
    }

    private Figure byEpochs(String id, String title, String unit, ToDoubleFunction<Score> score) {
        Map<String, Map<Double, Estimate>> lines = new LinkedHashMap<>();
        Map<Double, Estimate> training = new LinkedHashMap<>();
        Map<Double, Estimate> validation = new LinkedHashMap<>();
        for (EpochReport epoch : history.epochs()) {
            training.put((double) epoch.epoch(), point(score.applyAsDouble(epoch.training())));
            epoch.validation()
                    .ifPresent(found -> validation.put((double) epoch.epoch(), point(score.applyAsDouble(found))));
        }
        lines.put("training", training);
        if (!validation.isEmpty()) {
            lines.put("validation", validation);
        }
        String note = "Training: the mean of the epoch's examples, each at the weights that it was seen with.";
        Figure figure = Figures.lines(
                new Caption(id, title, title + ", of the training and of the validation data", note),
                "epoch",
                unit,
                false,
                lines);
        figure.data().addProperty("whole", true);
        figure.data().addProperty("zero", true);
        return figure;
    }

    private Map<Double, Estimate> steps(ToDoubleFunction<StepCurve.Point> value) {
        Map<Double, Estimate> points = new LinkedHashMap<>();
        curve.points().forEach(point -> points.put(point.middle(), point(value.applyAsDouble(point))));
        return points;
    }

    private static Estimate point(double value) {
        return new Estimate(value, Double.NaN, Double.NaN, "");
    }

    private Figure marked(Figure figure) {
        figure.data().addProperty("whole", true);
        figure.data().addProperty("zero", true);
        JsonArray ends = new JsonArray();
        if (isMarked()) {
            history.epochs().forEach(epoch -> ends.add(epoch.step()));
        }
        figure.data().add("ends", ends);
        return figure;
    }

    private boolean isMarked() {
        return history.epochs().size() > 1 && history.epochs().size() <= MOST_MARKS;
    }

    /** What a point is, and what is not drawn. */
    private String note() {
        long first = curve.points().isEmpty() ? 1 : curve.points().get(0).first();
        return TrainingPage.meanOf(curve)
                + (isMarked() ? " Broken lines end an epoch." : "")
                + (first > 1
                        ? " This run went on after step " + (first - 1) + ": steps before are not known, epochs are."
                        : "");
    }
}
