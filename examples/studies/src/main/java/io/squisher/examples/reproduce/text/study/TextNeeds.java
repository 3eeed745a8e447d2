package io.squisher.examples.reproduce.text.study;

import io.squisher.checkpoint.folder.Retention;
import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.text.model.CompressedAccumulator;
import io.squisher.examples.reproduce.text.model.DiagonalAgreement;
import io.squisher.examples.reproduce.text.model.FineTuning;
import io.squisher.examples.reproduce.text.model.TextModels;
import io.squisher.examples.reproduce.text.model.TunedModel;
import io.squisher.examples.reproduce.text.task.TaskSample;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.TextPoint;
import io.squisher.examples.reproduce.text.unit.Unit;
import io.squisher.examples.reproduce.text.unit.Unit.Place;
import io.squisher.examples.reproduce.text.unit.Work;
import io.squisher.files.FormatException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.training.TrainingResult;
import io.squisher.onnx.training.optimizer.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;

/** What the Squisher needs: its agreement with the Fisher of the same model, one thing of the training changed at a time. */
public final class TextNeeds implements TextSetting {
    private static final List<String> TASKS = List.of("trec", "subj");
    private static final String AGREEMENT = "agreement with the Fisher, 0 to 1; log10 of the sizes";
    private static final String RANKS = "rank correlation";
    private static final String TENTH = "largest tenth in common";
    private static final String RATIO = "log10 of B·Squisher over Fisher";

    /** How many epochs of the training that is looked at on its way. */
    private static final int WAY = 4;

    private static final double WARM_UP = 0.1;

    private static final List<Schedule> SCHEDULES =
            List.of(new Schedule.Constant(), new Schedule.Linear(WARM_UP), new Schedule.Cosine(WARM_UP));

    /** Something of a training that is varied. */
    private record Axis(String name, TextPart part, Map<Double, FineTuning> trainings) {
        static Axis of(String name, String axis, List<Double> places, DoubleFunction<FineTuning> training) {
            Map<Double, FineTuning> trainings = new TreeMap<>();
            places.forEach(x -> trainings.put(x, training.apply(x)));
            return new Axis(name, TextPart.told("agreement by " + axis, AGREEMENT, axis), trainings);
        }
    }

    private static final List<Axis> AXES = List.of(
            Axis.of("length", "epochs", List.of(1.0, 2.0, 4.0), x -> FineTuning.USUAL.withEpochs((int) x)),
            Axis.of("beta2", "β2", List.of(0.9, 0.95, 0.99, 0.999, 0.9999), FineTuning.USUAL::withBeta2),
            Axis.of("batch", "batch size", List.of(4.0, 16.0, 64.0), x -> FineTuning.USUAL.withBatch((int) x)),
            Axis.of(
                    "schedule",
                    "schedule (0 constant, 1 linear, 2 cosine to 0)",
                    List.of(0.0, 1.0, 2.0),
                    x -> FineTuning.USUAL.withSchedule(SCHEDULES.get((int) x))),
            Axis.of("decay", "weight decay", List.of(0.0, 0.01, 0.1), FineTuning.USUAL::withDecay));

    private static final TextPart DISTANCE = TextPart.told(
            "agreement of an older Squisher", AGREEMENT, "steps between the Squisher and the Fisher's model");
    private static final TextPart COMPRESSED =
            TextPart.told("accumulators of optimizers that save memory", "rank correlation with the Fisher", "");

    @Override
    public String name() {
        return "needs";
    }

    @Override
    public String title() {
        return "What the Squisher needs";
    }

    @Override
    public String words() {
        return "On " + TASKS + ", over the weights of the layers. Unless it is on the axis: " + FineTuning.USUAL.words()
                + ". An older Squisher is one of a training of " + WAY
                + " epochs, of whose end the Fisher is. The factored accumulator and that of eight bits are made of"
                + " the full one at the end.";
    }

    @Override
    public String paper() {
        return "";
    }

    @Override
    public int seeds() {
        return 2;
    }

    @Override
    public List<TextPart> parts() {
        List<TextPart> parts = new ArrayList<>();
        AXES.forEach(axis -> parts.add(axis.part()));
        parts.add(DISTANCE);
        parts.add(COMPRESSED);
        return parts;
    }

    @Override
    public List<TextTask> tuned(TextStudy study) {
        return study.first(TASKS.size(), study.tasks(TASKS));
    }

    @Override
    public List<Unit> units(TextStudy study, long seed) {
        List<Unit> units = new ArrayList<>();
        for (TextTask task : tuned(study)) {
            String name = task.name().replace('_', '-');
            for (Axis axis : AXES) {
                for (double x : study.places(List.copyOf(axis.trainings().keySet()))) {
                    FineTuning training = axis.trainings().get(x);
                    String place = String.format(Locale.ROOT, "%.4g", x).replace('.', '-');
                    units.add(new Unit(
                            name(),
                            name + "-" + axis.name() + "-" + place,
                            seed,
                            study.training(task, training).plus(study.fisher(task)),
                            given -> varied(study, task, seed, new Variant(axis.part(), x, training), given)));
                }
            }
            units.add(new Unit(
                    name(),
                    name + "-distance",
                    seed,
                    study.training(task, FineTuning.USUAL.withEpochs(WAY)).plus(study.fisher(task)),
                    place -> onTheWay(study, task, seed, place)));
            units.add(new Unit(
                    name(), name + "-compressed", seed, Work.writing(8), place -> compressed(study, task, seed)));
        }
        return units;
    }

    /** A place on an axis. */
    private record Variant(TextPart part, double x, FineTuning training) {}

    private static List<TextPoint> varied(TextStudy study, TextTask task, long seed, Variant variant, Place place) {
        TextModels models = study.models();
        TaskSample sample = models.sample(task, seed);
        TunedModel tuned = models.tune(
                models.probe(task, seed),
                sample,
                variant.training(),
                seed,
                place.scratch().resolve("tuned.onnx"));
        Path fisher = fisher(models, tuned, sample, place);
        return points(variant.part(), variant.x(), task, DiagonalAgreement.of(fisher, tuned.squisher()));
    }

    private static Path fisher(TextModels models, TunedModel tuned, TaskSample sample, Place place) {
        Path fisher = place.scratch().resolve("fisher.safetensors");
        models.fisher(tuned.model(), sample, new FisherKind.Empirical(), fisher);
        return fisher;
    }

    private static List<TextPoint> points(TextPart part, double x, TextTask task, DiagonalAgreement agreement) {
        return List.of(
                new TextPoint(part.name(), RANKS, x, task.name(), agreement.rankCorrelation()),
                new TextPoint(part.name(), TENTH, x, task.name(), agreement.topOverlap()),
                new TextPoint(part.name(), RATIO, x, task.name(), Math.log10(agreement.ratio())));
    }

    /** The Squishers of the ends of all epochs, against the Fisher of the last. */
    private static List<TextPoint> onTheWay(TextStudy study, TextTask task, long seed, Place place) {
        TextModels models = study.models();
        TaskSample sample = models.sample(task, seed);
        Path folder = place.scratch().resolve("way");
        TunedModel tuned = models.tune(
                models.trainer(models.probe(task, seed), seed).checkpoints(folder, Retention.last(WAY)),
                sample.training(),
                FineTuning.USUAL.withEpochs(WAY),
                place.scratch().resolve("tuned.onnx"));
        Path fisher = fisher(models, tuned, sample, place);
        List<TextPoint> points = new ArrayList<>();
        long end = step(tuned.squisher());
        for (Path squisher : squishers(folder)) {
            points.addAll(points(DISTANCE, end - step(squisher), task, DiagonalAgreement.of(fisher, squisher)));
        }
        return points;
    }

    private static List<Path> squishers(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(TrainingResult.SQUISHER_SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw FormatException.unreadable(folder, e);
        }
    }

    private static long step(Path squisher) {
        try (OpenFiles files = new OpenFiles()) {
            return files.fisher(squisher)
                    .diagonal()
                    .provenance()
                    .getAccumulator()
                    .getStep();
        }
    }

    private static List<TextPoint> compressed(TextStudy study, TextTask task, long seed) {
        TextModels models = study.models();
        List<TextPoint> points = new ArrayList<>();
        try (OpenFiles files = new OpenFiles()) {
            FisherDiagonal fisher = files.fisher(models.fisher(task, seed)).diagonal();
            FisherDiagonal full =
                    files.fisher(models.tuned(task, seed).squisher()).diagonal();
            Map<String, FisherDiagonal> accumulators = new LinkedHashMap<>();
            accumulators.put("full", full);
            accumulators.put("eight bits", CompressedAccumulator.eightBit(full));
            accumulators.put("factored", CompressedAccumulator.factored(full));
            accumulators.forEach((name, accumulator) -> points.add(new TextPoint(
                    COMPRESSED.name(),
                    name,
                    0,
                    task.name(),
                    DiagonalAgreement.of(fisher, accumulator).rankCorrelation())));
        }
        return points;
    }
}
