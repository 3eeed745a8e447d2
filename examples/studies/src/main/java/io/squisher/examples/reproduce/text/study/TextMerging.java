package io.squisher.examples.reproduce.text.study;

import io.squisher.apps.merge.AverageMethod;
import io.squisher.apps.merge.FisherMergeOptions;
import io.squisher.apps.merge.FisherMergeOptions.Floor;
import io.squisher.apps.merge.FisherMergeOptions.Normalization;
import io.squisher.apps.merge.FisherMethod;
import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.MergePlan;
import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.text.model.Bodies;
import io.squisher.examples.reproduce.text.model.TextModels;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.TextPoint;
import io.squisher.examples.reproduce.text.unit.Unit;
import io.squisher.examples.reproduce.text.unit.Unit.Place;
import io.squisher.examples.reproduce.text.unit.Work;
import io.squisher.fisher.FisherScale;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Setting 1: bodies that were fine-tuned on eight tasks become one, θ = Σ F_i θ_i / Σ F_i (Matena and Raffel 2022), under each
 * task's own head.
 */
public final class TextMerging implements TextSetting {
    /** Eight tasks of different kinds. */
    static final List<String> TASKS =
            List.of("sst2", "trec", "subj", "cr", "mpqa", "tweet_emotion", "sms_spam", "snips");

    private static final TextPart RELATIVE = TextPart.compared(
            "one body for several tasks",
            "test accuracy, % of that of each task's own model",
            "models merged",
            TextMethods.AVERAGE);
    private static final TextPart ACCURACY = TextPart.compared(
            "one body for all tasks", "mean test accuracy over the tasks (%)", "", TextMethods.AVERAGE);
    private static final TextPart DONOR = TextPart.compared(
            "one donor for a target",
            "test accuracy over that of the target's own model (points)",
            "",
            TextMethods.AVERAGE);

    private static final List<String> METHODS =
            List.of(TextMethods.AVERAGE, TextMethods.FISHER, TextMethods.SAMPLED, TextMethods.SQUISHER);

    /** The target's weight beside its donor's, which has the rest of 1. */
    private static final List<Double> TARGET_WEIGHTS = List.of(0.5, 0.7, 0.9);

    private static final int TARGETS = 4;

    /** Heads stay out: their tasks have different classes. */
    private static final MergeOptions BODIES =
            new MergeOptions(Optional.of(Bodies.HEAD), MergeOptions.Excluded.FIRST, Optional.empty(), false);

    private static final FisherMergeOptions OPTIONS = new FisherMergeOptions(
            Floor.NONE, FisherMergeOptions.DEFAULT_FLOOR, Normalization.L2, FisherScale.BATCH_IF_KNOWN);

    @Override
    public String name() {
        return "merging";
    }

    @Override
    public String title() {
        return "Fisher merging";
    }

    @Override
    public String words() {
        return "Bodies of " + TASKS
                + " merged without a floor, each diagonal divided by its L2 norm, equal weights; accuracy of the"
                + " merged body under each task's own head. Pairs and triples are neighbours in that list. With a"
                + " donor, which is the target's neighbour, the target's weight is one of " + TARGET_WEIGHTS
                + ", chosen on validation texts for each method.";
    }

    @Override
    public String paper() {
        return "both above the average, the Squisher more";
    }

    @Override
    public int seeds() {
        return 5;
    }

    @Override
    public List<TextPart> parts() {
        return List.of(RELATIVE, ACCURACY, DONOR);
    }

    @Override
    public List<TextTask> tuned(TextStudy study) {
        return study.tasks(TASKS);
    }

    @Override
    public List<Unit> units(TextStudy study, long seed) {
        List<TextTask> tasks = study.tasks(TASKS);
        List<Unit> units = new ArrayList<>();
        Work sampled = tasks.stream().map(study::fisher).reduce(Work.NONE, Work::plus);
        units.add(new Unit(
                name(), "all", seed, sampled.plus(work(study, List.of(tasks), METHODS.size())), place -> new Run(
                                study, seed, place)
                        .together(List.of(tasks))));
        for (int models = 2; models <= 3 && models < tasks.size(); models++) {
            List<List<TextTask>> groups = groups(tasks, models);
            units.add(new Unit(
                    name(),
                    models == 2 ? "pairs" : "triples",
                    seed,
                    work(study, groups, METHODS.size()),
                    place -> new Run(study, seed, place).together(groups)));
        }
        List<List<TextTask>> donated = study.first(TARGETS, groups(tasks, 2));
        Work donors = donated.stream()
                .map(pair -> study.test(pair.get(0))
                        .plus(study.validation(pair.get(0))
                                .times(study.places(TARGET_WEIGHTS).size()))
                        .times(METHODS.size()))
                .reduce(Work.NONE, Work::plus);
        units.add(new Unit(name(), "donors", seed, donors, place -> new Run(study, seed, place).donors(donated)));
        return units;
    }

    private static Work work(TextStudy study, List<List<TextTask>> groups, int methods) {
        return groups.stream()
                .flatMap(List::stream)
                .map(study::test)
                .reduce(Work.NONE, Work::plus)
                .times(methods);
    }

    /** Neighbours in a ring, so that each task is in one of the groups at least. */
    static List<List<TextTask>> groups(List<TextTask> tasks, int size) {
        List<List<TextTask>> groups = new ArrayList<>();
        for (int start = 0; start < tasks.size(); start += size) {
            List<TextTask> group = new ArrayList<>(tasks);
            Collections.rotate(group, -start);
            groups.add(List.copyOf(group.subList(0, size)));
        }
        return groups;
    }

    /** One seed. */
    private record Run(TextStudy study, long seed, Place place) {
        /** Merges groups, and tests each under the heads of its tasks. */
        List<TextPoint> together(List<List<TextTask>> groups) {
            List<TextPoint> points = new ArrayList<>();
            boolean all = groups.size() == 1;
            for (List<TextTask> group : groups) {
                String item = all ? "" : group.stream().map(TextTask::name).collect(Collectors.joining("+")) + ": ";
                for (String method : METHODS) {
                    Path merged = merge(group, method, Collections.nCopies(group.size(), 1.0));
                    for (TextTask task : group) {
                        double accuracy = underOwnHead(merged, task);
                        double relative = 100 * accuracy / models().accuracy(task, seed);
                        points.add(new TextPoint(RELATIVE.name(), method, group.size(), item + task.name(), relative));
                        if (all) {
                            points.add(new TextPoint(ACCURACY.name(), method, 0, task.name(), accuracy));
                        }
                    }
                }
            }
            if (all) {
                groups.get(0)
                        .forEach(task -> points.add(new TextPoint(
                                ACCURACY.name(), "own models", 0, task.name(), models().accuracy(task, seed))));
            }
            return points;
        }

        private double underOwnHead(Path merged, TextTask task) {
            Path model = Bodies.underHead(
                    merged, models().tuned(task, seed).model(), place.scratch().resolve("under-head.onnx"));
            return models().accuracy(model, models().sample(task, seed).test());
        }

        /** Merges each first task with the second, and tests on the first. */
        List<TextPoint> donors(List<List<TextTask>> pairs) {
            List<TextPoint> points = new ArrayList<>();
            for (List<TextTask> pair : pairs) {
                TextTask target = pair.get(0);
                for (String method : METHODS) {
                    Path merged = merge(pair, method, weights(bestWeight(pair, method)));
                    double accuracy = models().accuracy(
                                    merged, models().sample(target, seed).test());
                    points.add(new TextPoint(
                            DONOR.name(),
                            method,
                            0,
                            target.name() + " from " + pair.get(1).name(),
                            accuracy - models().accuracy(target, seed)));
                }
            }
            return points;
        }

        /** The target's weight of the highest validation accuracy; of equal ones the smallest. */
        private double bestWeight(List<TextTask> pair, String method) {
            TextTask target = pair.get(0);
            double best = Double.NaN;
            double bestAccuracy = Double.NEGATIVE_INFINITY;
            for (double weight : study.places(TARGET_WEIGHTS)) {
                double accuracy = place.notes()
                        .number(target.name() + " " + method + " " + weight, () -> models().accuracy(
                                        merge(pair, method, weights(weight)),
                                        models().sample(target, seed).validation()));
                if (accuracy > bestAccuracy) {
                    best = weight;
                    bestAccuracy = accuracy;
                }
            }
            return best;
        }

        private static List<Double> weights(double ofTarget) {
            return List.of(ofTarget, 1 - ofTarget);
        }

        /** Merges bodies into a file with the first one's head. */
        private Path merge(List<TextTask> tasks, String method, List<Double> weights) {
            try (OpenFiles files = new OpenFiles()) {
                List<MergeInput> inputs = new ArrayList<>();
                for (int i = 0; i < tasks.size(); i++) {
                    inputs.add(new MergeInput(
                            files.weights(models().tuned(tasks.get(i), seed).model()),
                            diagonal(tasks.get(i), method).map(files::fisher),
                            weights.get(i)));
                }
                MergeMethod merging =
                        method.equals(TextMethods.AVERAGE) ? new AverageMethod() : new FisherMethod(OPTIONS);
                MergePlan plan = Merge.plan(inputs, merging, BODIES);
                return OpenFiles.write(
                        place.scratch().resolve("merged.onnx"),
                        inputs.get(0).weights(),
                        plan.tensors(),
                        plan.metadata());
            }
        }

        private Optional<Path> diagonal(TextTask task, String method) {
            return switch (method) {
                case TextMethods.FISHER -> Optional.of(models().fisher(task, seed));
                case TextMethods.SAMPLED -> Optional.of(models().sampledFisher(task, seed));
                case TextMethods.SQUISHER ->
                    Optional.of(models().tuned(task, seed).squisher());
                default -> Optional.empty();
            };
        }

        private TextModels models() {
            return study.models();
        }
    }
}
