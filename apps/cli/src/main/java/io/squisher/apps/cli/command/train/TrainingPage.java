package io.squisher.apps.cli.command.train;

import io.squisher.Counted;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.TrainedFiles;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.page.DiagonalSections;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.format.WeightFormats;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.training.EpochReport;
import io.squisher.onnx.training.TrainingFacts;
import io.squisher.report.Column;
import io.squisher.report.Page;
import io.squisher.report.Section;
import io.squisher.report.Table;
import io.squisher.report.Text;
import io.squisher.weights.WeightSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/**
 * The page of a training: its curves, its epochs, and the Squisher that it left.
 *
 * @param facts what was trained
 * @param epoch whose weights the model has
 */
record TrainingPage(
        TrainedFiles files, TrainingHistory history, StepCurve curve, Optional<TrainingFacts> facts, int epoch) {
    private static final double PERCENT = 100;

    /** The page; {@code line} is what was asked for. */
    Page page(CommandLine line) {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("curves", "How the training went", new TrainingFigures(history, curve).all()));
        sections.add(new Section("epochs", "Epochs", table()));
        try (WeightSource weights = WeightFormats.open(files.model());
                FisherFile squisher = FisherFile.open(files.squisher())) {
            NamedFisher named = new NamedFisher(files.squisher().toString(), squisher.diagonal());
            DiagonalSections made =
                    DiagonalSections.of(named, FisherScale.BATCH_IF_KNOWN, Optional.of(weights), Map.of());
            sections.addAll(made.sensitivity().sections());
            Map<String, String> provenance = new LinkedHashMap<>(provenance(line));
            provenance.putAll(made.diagonal().provenance());
            sections.add(new Section("provenance", "Where the numbers come from", new Text.Facts(provenance)));
        }
        return new Page("train", "Training of " + files.model().getFileName(), lead(), headline(), List.of(), sections);
    }

    private EpochReport kept() {
        return history.epochs().stream()
                .filter(report -> report.epoch() == epoch)
                .findFirst()
                .orElseThrow();
    }

    private String metric(double value) {
        return history.metric().equals("accuracy")
                ? String.format(Locale.ROOT, "%.4g %%", PERCENT * value)
                : String.format(Locale.ROOT, "%.4g", value);
    }

    private String lead() {
        EpochReport first = history.epochs().get(0);
        EpochReport.Score start = first.validation().orElse(first.training());
        EpochReport.Score end = kept().validation().orElse(kept().training());
        String data = first.validation().isPresent() ? "validation" : "training";
        String words = epoch == first.epoch()
                ? String.format(Locale.ROOT, "The %s loss is %.4g", data, end.loss())
                : String.format(
                        Locale.ROOT,
                        "The %s loss went from %.4g in epoch %d to %.4g in epoch %d",
                        data,
                        start.loss(),
                        first.epoch(),
                        end.loss(),
                        epoch);
        return words + ", the " + history.metric()
                + (epoch == first.epoch() ? " " : " from " + metric(start.metric()) + " to ")
                + metric(end.metric()) + "."
                + (epoch < history.epochs().size()
                        ? " The model has the weights of epoch " + epoch + ", the best."
                        : "");
    }

    private Map<String, String> headline() {
        Map<String, String> headline = new LinkedHashMap<>();
        EpochReport kept = kept();
        kept.validation().ifPresent(score -> headline.put("validation " + history.metric(), metric(score.metric())));
        headline.put("training " + history.metric(), metric(kept.training().metric()));
        headline.put("epochs", Integer.toString(history.epochs().size()));
        headline.put(
                "steps",
                Long.toString(history.epochs().get(history.epochs().size() - 1).step()));
        headline.put("seconds", String.format(Locale.ROOT, "%.3g", seconds()));
        return headline;
    }

    private double seconds() {
        return history.epochs().stream().mapToDouble(EpochReport::seconds).sum();
    }

    private Table table() {
        Column.Kind kind = history.metric().equals("accuracy") ? Column.Kind.SHARE : Column.Kind.NUMBER;
        Table table = Table.of(
                "epochs",
                "Epochs",
                Column.count("epoch", "epoch"),
                Column.count("steps", "steps"),
                Column.number("training_loss", "training loss"),
                new Column("training_" + history.metric(), "training " + history.metric(), kind),
                Column.number("validation_loss", "validation loss"),
                new Column("validation_" + history.metric(), "validation " + history.metric(), kind),
                Column.number("seconds", "seconds"));
        history.epochs()
                .forEach(report -> table.row(
                        report.epoch(),
                        report.step(),
                        report.training().loss(),
                        report.training().metric(),
                        report.validation().map(EpochReport.Score::loss).orElse(null),
                        report.validation().map(EpochReport.Score::metric).orElse(null),
                        report.seconds()));
        return table;
    }

    private Map<String, String> provenance(CommandLine line) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("model", String.join(" ", line.getArgList()));
        facts.ifPresent(given -> words.put("trained", TrainingWatch.described(given)));
        for (String name : List.of("data", "validation")) {
            Optional.ofNullable(line.getOptionValues(name))
                    .ifPresent(given -> words.put(name, String.join(" ", given)));
        }
        words.put(
                "options",
                Arrays.stream(line.getOptions())
                        .filter(option -> !List.of("data", "validation").contains(option.getLongOpt()))
                        .filter(option -> !(option.getConverter() instanceof OutputKind))
                        .map(TrainingPage::spelled)
                        .collect(Collectors.joining(" ")));
        words.put("history", files.history().toString());
        return words;
    }

    private static String spelled(Option option) {
        String name = option.getLongOpt() == null ? "-" + option.getOpt() : "--" + option.getLongOpt();
        return option.hasArg() ? name + " " + String.join(" ", option.getValuesList()) : name;
    }

    /** The steps, as members for the file of numbers: means where they were too many. */
    JsonObject steps() {
        JsonArray rows = new JsonArray();
        for (StepCurve.Point point : curve.points()) {
            JsonObject row = new JsonObject();
            row.addProperty("first_step", point.first());
            row.addProperty("last_step", point.last());
            row.add("loss", Json.number(point.loss()));
            row.add(history.metric(), Json.number(point.metric()));
            row.add("gradient_norm", Json.number(point.norm()));
            row.add("learning_rate", Json.number(point.learningRate()));
            rows.add(row);
        }
        JsonObject members = new JsonObject();
        members.add("steps", rows);
        return members;
    }

    /** A line for who reads no picture. */
    static String meanOf(StepCurve curve) {
        return curve.stepsOfPoint() == 1
                ? "Each step is a point."
                : "Each point is the mean of " + Counted.of(curve.stepsOfPoint(), "step") + ".";
    }
}
