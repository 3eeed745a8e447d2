package io.squisher.apps.cli.command.train;

import io.squisher.Counted;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.ProgressBars;
import io.squisher.onnx.training.EpochReport;
import io.squisher.onnx.training.StepReport;
import io.squisher.onnx.training.TrainingFacts;
import io.squisher.onnx.training.TrainingListener;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;

/**
 * Shows how a training goes: a bar with loss, metric, examples a second and the time left where somebody watches, and a line for
 * each epoch.
 */
final class TrainingWatch implements TrainingListener, AutoCloseable {
    private final Console console;
    private final int epochs;
    private Optional<TrainingFacts> facts = Optional.empty();
    private final StepCurve curve = new StepCurve();
    private ProgressBar bar;

    TrainingWatch(Console console, int epochs) {
        this.console = console;
        this.epochs = epochs;
    }

    /** What is trained, in words. */
    static String described(TrainingFacts facts) {
        return Counted.of(facts.parameters(), "parameter") + " of " + Counted.of(facts.elements(), "element")
                + (facts.frozen() > 0 ? ", " + facts.frozen() + " kept as they are" : "") + ", over "
                + Counted.of(facts.examples(), "example") + " in " + Counted.of(facts.steps(), "step");
    }

    @Override
    public void started(TrainingFacts begun) {
        facts = Optional.of(begun);
        console.note("training " + described(begun)
                + (begun.stepsDone() > 0 ? "; goes on after step " + begun.stepsDone() : ""));
        PrintStream stream = console.progressStream();
        if (stream != null) {
            long done = begun.stepsDone() * begun.examples() * epochs / Math.max(1, begun.steps());
            bar = ProgressBars.bar("train", begun.examples() * epochs, " examples", 1, stream)
                    .startsFrom(done, java.time.Duration.ZERO)
                    .showSpeed()
                    .build();
        }
    }

    /** What a score's metric is called. */
    String metric() {
        return facts.map(TrainingFacts::metric).orElse("accuracy");
    }

    /** What was trained; empty before the training began. */
    Optional<TrainingFacts> facts() {
        return facts;
    }

    /** The steps of this run. */
    StepCurve curve() {
        return curve;
    }

    @Override
    public void stepped(StepReport report) {
        curve.add(report);
        if (bar != null) {
            bar.stepTo((report.epoch() - 1) * facts.orElseThrow().examples() + report.examples());
            bar.setExtraMessage(
                    String.format(Locale.ROOT, " loss %.4f, %s %.4f", report.loss(), metric(), report.metric()));
        }
    }

    @Override
    public void epochEnded(EpochReport report) {
        double seconds = report.seconds();
        long left = Math.round((epochs - report.epoch()) * seconds);
        console.note(String.format(Locale.ROOT, "epoch %d of %d: %s", report.epoch(), epochs, words(report.training()))
                + report.validation()
                        .map(score -> "; validation " + words(score))
                        .orElse("")
                + speed(facts.orElseThrow().examples() / Math.max(1e-9, seconds))
                + (left > 0 ? ", about " + duration(left) + " left" : ""));
    }

    private static String speed(double examples) {
        return String.format(Locale.ROOT, examples < 10 ? "; %.1f examples/s" : "; %.0f examples/s", examples);
    }

    /** A score: {@code loss 0.5, accuracy 0.9}. */
    String words(EpochReport.Score score) {
        return String.format(Locale.ROOT, "loss %.4f, %s %.4f", score.loss(), metric(), score.metric());
    }

    private static String duration(long seconds) {
        return seconds < 120 ? seconds + " s" : Math.round(seconds / 60.0) + " min";
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
