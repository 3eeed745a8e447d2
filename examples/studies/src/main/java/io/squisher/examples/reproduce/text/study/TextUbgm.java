package io.squisher.examples.reproduce.text.study;

import io.squisher.apps.merge.AverageMethod;
import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.MergePlan;
import io.squisher.apps.merge.TaskArithmeticMethod;
import io.squisher.apps.merge.TaskVectorOptions;
import io.squisher.apps.merge.TaskVectorWeight;
import io.squisher.apps.merge.UbgmMethod;
import io.squisher.apps.merge.UbgmOptions;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.topk.Scope;
import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.text.model.Bodies;
import io.squisher.examples.reproduce.text.model.FineTuning;
import io.squisher.examples.reproduce.text.model.MeanDiagonal;
import io.squisher.examples.reproduce.text.model.TextModels;
import io.squisher.examples.reproduce.text.task.TaskSample;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.TextPoint;
import io.squisher.examples.reproduce.text.unit.Unit;
import io.squisher.examples.reproduce.text.unit.Unit.Place;
import io.squisher.examples.reproduce.text.unit.Work;
import io.squisher.fisher.FisherScale;
import io.squisher.onnx.data.Examples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Setting 2: merging by uncertainty-based gradient matching (Daheim et al. 2024),
 * θ = θ_0 + α Σ_i (F_i + h_0) / (α Σ_j F_j + h_0) (θ_i − θ_0) with h_0 = F_0 + δ_0.
 */
public final class TextUbgm implements TextSetting {
    private static final List<String> TASKS = List.of("sst2", "cr", "mpqa", "subj");
    private static final String ARITHMETIC = "task arithmetic";
    private static final String PLAIN = ", α 1, δ0 0";
    private static final String SHARED_OUT = ", α 1/n, δ0 0";

    private static final TextPart ACCURACY = TextPart.compared(
            "one body for four tasks", "mean test accuracy over the tasks (%)", "", TextMethods.AVERAGE);
    private static final TextPart SCALE =
            TextPart.told("scale of the base Fisher", "its mean, over the mean of a task's", "");
    private static final TextPart WEIGHT = TextPart.told(
            "weight of the task vectors",
            "1 in an average, the number of models in their sum; by how far each moved",
            "");
    private static final TextPart SWEEP =
            TextPart.told("choice of α and δ0", "mean validation accuracy over the tasks (%)", "α");
    private static final TextPart CHOSEN_ALPHA = TextPart.told("chosen α", "α", "");
    private static final TextPart CHOSEN_DELTA = TextPart.told("chosen δ0", "δ0 over the mean of the base Fisher", "");

    private static final List<Double> ALPHAS = List.of(0.25, 0.5, 1.0, 2.0);

    /** Times the mean of the base Fisher. Towards 0 the Fishers decide alone, towards infinity it is task arithmetic. */
    private static final List<Double> DELTAS = List.of(1e-6, 1e-2, 1.0, 1e2);

    private static final FisherScale SCALING = FisherScale.BATCH_IF_KNOWN;

    @Override
    public String name() {
        return "ubgm";
    }

    @Override
    public String title() {
        return "UBGM merging";
    }

    @Override
    public String words() {
        return "Bodies of " + TASKS
                + ", each under its own head. The base Fisher is the mean, over the tasks, of that of the encoder as"
                + " it is under a head that was trained alone; the base Squisher that of a pass over the same texts"
                + " with a learning rate of 1e-30. α of " + ALPHAS + " and δ0 of " + DELTAS
                + " times the mean of the base Fisher, chosen on validation texts for each seed and method; task"
                + " arithmetic has the same α. Beside them α 1 and α one over the number of models, both with δ0 0, which"
                + " nobody chose. All weights of models are 1.";
    }

    @Override
    public String paper() {
        return "both slightly above the average";
    }

    @Override
    public int seeds() {
        return 5;
    }

    @Override
    public List<TextPart> parts() {
        return List.of(ACCURACY, SCALE, WEIGHT, SWEEP, CHOSEN_ALPHA, CHOSEN_DELTA);
    }

    @Override
    public List<TextTask> tuned(TextStudy study) {
        return study.twoOrMore(TASKS);
    }

    @Override
    public List<Unit> units(TextStudy study, long seed) {
        List<TextTask> tasks = study.twoOrMore(TASKS);
        int candidates = study.places(ALPHAS).size() * (2 * study.places(DELTAS).size() + 1);
        Work work = tasks.stream()
                .map(task -> study.validation(task)
                        .times(candidates)
                        .plus(study.test(task).times(8))
                        .plus(study.fisher(task))
                        .plus(study.training(task, FineTuning.IN_PLACE)))
                .reduce(Work.NONE, Work::plus);
        return List.of(new Unit(name(), "four", seed, work, place -> new Run(study, tasks, seed, place).points()));
    }

    /** One seed. */
    private record Run(TextStudy study, List<TextTask> tasks, long seed, Place place) {
        List<TextPoint> points() {
            List<TextPoint> points = new ArrayList<>();
            tasks.forEach(task -> points.add(new TextPoint(
                    ACCURACY.name(),
                    "own models",
                    0,
                    task.name(),
                    study.models().accuracy(task, seed))));
            add(points, TextMethods.AVERAGE, merged(TextMethods.FISHER, base -> new AverageMethod()));
            double alpha = bestAlpha(points);
            points.add(new TextPoint(CHOSEN_ALPHA.name(), ARITHMETIC, 0, "", alpha));
            add(points, ARITHMETIC, merged(TextMethods.FISHER, base -> arithmetic(base, alpha)));
            for (String diagonal : List.of(TextMethods.FISHER, TextMethods.SQUISHER)) {
                addScales(points, diagonal);
                UbgmOptions best = bestOptions(diagonal, points);
                points.add(new TextPoint(CHOSEN_ALPHA.name(), diagonal, 0, "", best.alpha()));
                points.add(new TextPoint(CHOSEN_DELTA.name(), diagonal, 0, "", best.delta0() / baseMean(diagonal)));
                addMerge(points, diagonal, diagonal, best);
                addMerge(points, diagonal, diagonal + PLAIN, new UbgmOptions(1, 0, SCALING));
                addMerge(points, diagonal, diagonal + SHARED_OUT, new UbgmOptions(1.0 / tasks.size(), 0, SCALING));
            }
            return points;
        }

        private void add(List<TextPoint> points, String method, Merged merged) {
            for (TextTask task : tasks) {
                points.add(new TextPoint(
                        ACCURACY.name(), method, 0, task.name(), accuracy(merged, task, TaskSample::test)));
            }
        }

        /** A merge by a diagonal, and what its task vectors weigh. */
        private void addMerge(List<TextPoint> points, String diagonal, String method, UbgmOptions options) {
            Merged merged = merged(diagonal, base -> new UbgmMethod(base, options));
            add(points, method, merged);
            points.add(
                    new TextPoint(WEIGHT.name(), method, 0, "", merged.weight().orElse(Double.NaN)));
        }

        private void addScales(List<TextPoint> points, String diagonal) {
            for (TextTask task : tasks) {
                double own = MeanDiagonal.of(List.of(diagonal(task, diagonal)), SCALING)
                        .mean();
                points.add(new TextPoint(SCALE.name(), diagonal, 0, task.name(), baseMean(diagonal) / own));
            }
        }

        private double bestAlpha(List<TextPoint> points) {
            double best = study.places(ALPHAS).get(0);
            double bestAccuracy = Double.NEGATIVE_INFINITY;
            for (double alpha : study.places(ALPHAS)) {
                double accuracy =
                        validated(ARITHMETIC + " " + alpha, TextMethods.FISHER, base -> arithmetic(base, alpha));
                points.add(new TextPoint(SWEEP.name(), ARITHMETIC, alpha, "", accuracy));
                if (accuracy > bestAccuracy) {
                    best = alpha;
                    bestAccuracy = accuracy;
                }
            }
            return best;
        }

        private UbgmOptions bestOptions(String diagonal, List<TextPoint> points) {
            UbgmOptions best = null;
            double bestAccuracy = Double.NEGATIVE_INFINITY;
            for (double alpha : study.places(ALPHAS)) {
                for (double delta : study.places(DELTAS)) {
                    UbgmOptions options = new UbgmOptions(alpha, delta * baseMean(diagonal), SCALING);
                    double accuracy = validated(
                            diagonal + " " + alpha + " " + delta, diagonal, base -> new UbgmMethod(base, options));
                    points.add(new TextPoint(SWEEP.name(), diagonal + ", δ0 " + delta, alpha, "", accuracy));
                    if (accuracy > bestAccuracy) {
                        best = options;
                        bestAccuracy = accuracy;
                    }
                }
            }
            return best;
        }

        private static MergeMethod arithmetic(MergeInput base, double alpha) {
            return new TaskArithmeticMethod(base, new TaskVectorOptions(alpha, 1, Scope.GLOBAL, 0));
        }

        /** Mean validation accuracy of a merge; measured once. */
        private double validated(String what, String diagonal, Function<MergeInput, MergeMethod> method) {
            return place.notes().number(what, () -> {
                Merged merged = merged(diagonal, method);
                return tasks.stream()
                        .mapToDouble(task -> accuracy(merged, task, TaskSample::validation))
                        .average()
                        .orElseThrow();
            });
        }

        private double accuracy(Merged merged, TextTask task, Function<TaskSample, Examples[]> texts) {
            TextModels models = study.models();
            Path model = Bodies.underHead(
                    merged.body(),
                    models.tuned(task, seed).model(),
                    place.scratch().resolve("under-head.onnx"));
            return models.accuracy(model, texts.apply(models.sample(task, seed)));
        }

        private double baseMean(String diagonal) {
            return place.notes().number("mean of the base " + diagonal, () -> MeanDiagonal.of(before(diagonal), SCALING)
                    .mean());
        }

        private List<Path> before(String diagonal) {
            return tasks.stream()
                    .map(task -> diagonal.equals(TextMethods.SQUISHER)
                            ? study.models().squisherBefore(task, seed)
                            : study.models().fisherBefore(task, seed))
                    .toList();
        }

        private Path diagonal(TextTask task, String diagonal) {
            return diagonal.equals(TextMethods.SQUISHER)
                    ? study.models().tuned(task, seed).squisher()
                    : study.models().fisher(task, seed);
        }

        /** Merges into a file with the first task's head. */
        private Merged merged(String diagonal, Function<MergeInput, MergeMethod> method) {
            try (OpenFiles files = new OpenFiles();
                    MeanDiagonal baseDiagonal = MeanDiagonal.of(before(diagonal), SCALING)) {
                MergeInput base = new MergeInput(
                        files.weights(study.models().encoder().model()),
                        Optional.of(new NamedFisher("base", baseDiagonal.diagonal())),
                        1);
                List<MergeInput> inputs = new ArrayList<>();
                for (TextTask task : tasks) {
                    inputs.add(new MergeInput(
                            files.weights(study.models().tuned(task, seed).model()),
                            Optional.of(files.fisher(diagonal(task, diagonal))),
                            1));
                }
                MergePlan plan = Merge.plan(inputs, method.apply(base), BODIES_OF_ANOTHER_BASE);
                Path body = OpenFiles.write(
                        place.scratch().resolve("merged.onnx"),
                        inputs.get(0).weights(),
                        plan.tensors(),
                        plan.metadata());
                return new Merged(
                        body,
                        plan.taskVectorWeight().map(TaskVectorWeight::mean).orElse(OptionalDouble.empty()));
            }
        }
    }

    /**
     * A merged body.
     *
     * @param weight what the task vectors weigh together; empty for an average
     */
    private record Merged(Path body, OptionalDouble weight) {}

    /** The base's diagonal is a mean over heads, which the encoder alone has none of. */
    private static final MergeOptions BODIES_OF_ANOTHER_BASE =
            new MergeOptions(Optional.of(Bodies.HEAD_OR_POOLER), MergeOptions.Excluded.FIRST, Optional.empty(), true);
}
