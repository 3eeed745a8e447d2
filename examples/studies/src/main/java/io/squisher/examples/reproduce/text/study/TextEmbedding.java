package io.squisher.examples.reproduce.text.study;

import io.squisher.apps.taskembedding.Distance;
import io.squisher.apps.taskembedding.Grouping;
import io.squisher.apps.taskembedding.LargestSources;
import io.squisher.apps.taskembedding.NearestSources;
import io.squisher.apps.taskembedding.SourceRanking;
import io.squisher.apps.taskembedding.TaskDistances;
import io.squisher.apps.taskembedding.TaskEmbedding;
import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.text.model.FineTuning;
import io.squisher.examples.reproduce.text.model.MeanFeatures;
import io.squisher.examples.reproduce.text.model.TextModels;
import io.squisher.examples.reproduce.text.task.TaskSample;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.TextPoint;
import io.squisher.examples.reproduce.text.unit.Unit;
import io.squisher.examples.reproduce.text.unit.Unit.Place;
import io.squisher.examples.reproduce.text.unit.Work;
import io.squisher.fisher.FisherScale;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Setting 5: tasks as vectors of their Fisher (Achille et al. 2019, Vu et al. 2020). For each target the other tasks are ranked as
 * sources; the truth is the accuracy after fine-tuning on the source and then on a few texts of the target.
 */
public final class TextEmbedding implements TextSetting {
    private static final String SIZE = "largest data set";
    private static final String TEXTS = "similar texts";

    private static final TextPart RANK = new TextPart(
            "rank of the best source", "reciprocal rank of the truly best source", "", SIZE, TextPart.Replicate.ITEM);
    private static final TextPart GAIN =
            new TextPart("order of the sources", "NDCG", "", SIZE, TextPart.Replicate.ITEM);
    private static final TextPart BY_DISTANCE = new TextPart(
            "order of the sources by distance",
            "NDCG",
            "distance, in the order of " + List.of(Distance.values()),
            "",
            TextPart.Replicate.ITEM);
    private static final TextPart TRANSFER =
            TextPart.told("transfer", "test accuracy on the target (column) after the source (row), %", "");
    private static final TextPart FISHER_MAP =
            TextPart.told("distances by the Fisher", "cosine distance from source (row) to target (column)", "");
    private static final TextPart SQUISHER_MAP =
            TextPart.told("distances by the Squisher", "cosine distance from source (row) to target (column)", "");

    /** Neurons of the layers' matrices, which multiply from the right. */
    private static final Grouping NEURONS = new Grouping(
            Grouping.Kind.FILTER,
            Grouping.FilterAxis.LAST,
            Grouping.Vectors.DROP,
            Optional.of(Pattern.compile("^head\\.|embeddings|pooler")));

    private static final FineTuning TRANSFERRED = FineTuning.USUAL.withEpochs(1);

    @Override
    public String name() {
        return "embedding";
    }

    @Override
    public String title() {
        return "Task embedding";
    }

    @Override
    public String words() {
        return "A task's vector is the mean of its diagonal over each neuron of the layers, of the encoder fine-tuned"
                + " on it; sources are ranked by the distance 1 − cos(a/(a+b), b/(a+b)), which was set before. Truth: the"
                + " source's encoder gets a head for the target, trained alone, and is then"
                + " fine-tuned for " + TRANSFERRED.epochs()
                + " epoch on a few texts of the target. '" + TEXTS
                + "' ranks by the cosine of the mean sentence vectors of the encoder as it is.";
    }

    @Override
    public String paper() {
        return "both above the ranking by size, the Squisher a little more";
    }

    @Override
    public int seeds() {
        return 1;
    }

    @Override
    public List<TextPart> parts() {
        return List.of(RANK, GAIN, BY_DISTANCE);
    }

    @Override
    public List<TextPart> matrices() {
        return List.of(TRANSFER, FISHER_MAP, SQUISHER_MAP);
    }

    @Override
    public List<TextTask> tuned(TextStudy study) {
        return study.tasks();
    }

    @Override
    public List<Unit> units(TextStudy study, long seed) {
        List<Unit> units = new ArrayList<>();
        double texts = study.models().sizes().transfer();
        for (TextTask target : study.tasks()) {
            Work one = Work.training(texts * TRANSFERRED.epochs())
                    .plus(Work.scoring(texts))
                    .plus(Work.writing(2))
                    .plus(study.test(target));
            units.add(new Unit(
                    name(),
                    "to-" + target.name().replace('_', '-'),
                    seed,
                    one.times(study.tasks().size() - 1.0),
                    place -> new Run(study, seed, place).transfers(target)));
        }
        units.add(new Unit(
                name(), "ranking", seed, Work.writing(4.0 * study.tasks().size()), place -> new Run(study, seed, place)
                        .ranking()));
        return units;
    }

    /** One seed. */
    private record Run(TextStudy study, long seed, Place place) {
        List<TextPoint> transfers(TextTask target) {
            List<TextPoint> points = new ArrayList<>();
            scores(target)
                    .forEach((source, score) ->
                            points.add(new TextPoint(TRANSFER.name(), source, 0, target.name(), score)));
            return points;
        }

        /** Accuracy on a target by source; measured once. */
        private Map<String, Double> scores(TextTask target) {
            Map<String, Double> scores = new LinkedHashMap<>();
            for (TextTask source : study.tasks()) {
                if (!source.name().equals(target.name())) {
                    scores.put(
                            source.name(),
                            study.models()
                                    .numbers(seed)
                                    .number(
                                            "transfer from " + source.name() + " to " + target.name(),
                                            () -> transfer(source, target)));
                }
            }
            return scores;
        }

        private double transfer(TextTask source, TextTask target) {
            TextModels models = study.models();
            TaskSample few = models.few(target, seed);
            Path head = place.scratch().resolve("head.onnx");
            models.withHead(models.tuned(source, seed).model(), few, seed, head);
            Path tuned = place.scratch().resolve("tuned.onnx");
            models.tune(head, few, TRANSFERRED, seed, tuned);
            return models.accuracy(tuned, few.test());
        }

        List<TextPoint> ranking() {
            List<TaskEmbedding> fishers = new ArrayList<>();
            List<TaskEmbedding> squishers = new ArrayList<>();
            for (TextTask task : study.tasks()) {
                fishers.add(embedding(task, study.models().fisher(task, seed)));
                squishers.add(embedding(task, study.models().tuned(task, seed).squisher()));
            }
            TaskDistances byFisher = TaskDistances.of(fishers, Distance.COSINE);
            TaskDistances bySquisher = TaskDistances.of(squishers, Distance.COSINE);
            List<TextPoint> points = new ArrayList<>();
            rank(points, SIZE, new LargestSources(fishers));
            rank(points, TEXTS, new NearestSources(MeanFeatures.distances(study.models(), study.tasks(), seed)));
            rank(points, TextMethods.FISHER, new NearestSources(byFisher));
            rank(points, TextMethods.SQUISHER, new NearestSources(bySquisher));
            map(points, FISHER_MAP, byFisher);
            map(points, SQUISHER_MAP, bySquisher);
            for (Distance distance : Distance.values()) {
                byDistance(points, TextMethods.FISHER, fishers, distance);
                byDistance(points, TextMethods.SQUISHER, squishers, distance);
            }
            return points;
        }

        /** With the size of the task's whole training part, of which a seed draws as many as of others. */
        private TaskEmbedding embedding(TextTask task, Path diagonal) {
            try (OpenFiles files = new OpenFiles()) {
                TaskEmbedding found = TaskEmbedding.of(files.fisher(diagonal), NEURONS, FisherScale.BATCH_IF_KNOWN);
                return new TaskEmbedding(
                        task.name(),
                        found.groups(),
                        found.values(),
                        found.source(),
                        task.training().size());
            }
        }

        private void rank(List<TextPoint> points, String method, SourceRanking ranking) {
            for (TextTask target : study.tasks()) {
                List<String> order = ranking.sourcesFor(target.name());
                Map<String, Double> scores = scores(target);
                points.add(new TextPoint(
                        RANK.name(), method, 0, target.name(), RankQuality.reciprocalRank(order, scores)));
                addGain(points, GAIN, method, 0, target, RankQuality.ndcg(order, scores));
            }
        }

        private void byDistance(
                List<TextPoint> points, String method, List<TaskEmbedding> embeddings, Distance distance) {
            SourceRanking ranking = new NearestSources(TaskDistances.of(embeddings, distance));
            for (TextTask target : study.tasks()) {
                double gain = RankQuality.ndcg(ranking.sourcesFor(target.name()), scores(target));
                addGain(points, BY_DISTANCE, method, distance.ordinal(), target, gain);
            }
        }

        /** Where all sources brought the same, no order is better than another. */
        private static void addGain(
                List<TextPoint> points, TextPart part, String method, double x, TextTask target, double gain) {
            if (!Double.isNaN(gain)) {
                points.add(new TextPoint(part.name(), method, x, target.name(), gain));
            }
        }

        private static void map(List<TextPoint> points, TextPart part, TaskDistances distances) {
            List<String> labels = distances.labels();
            for (int row = 0; row < labels.size(); row++) {
                for (int column = 0; column < labels.size(); column++) {
                    points.add(new TextPoint(
                            part.name(),
                            labels.get(row),
                            0,
                            labels.get(column),
                            distances.matrix()[row][column]));
                }
            }
        }
    }
}
