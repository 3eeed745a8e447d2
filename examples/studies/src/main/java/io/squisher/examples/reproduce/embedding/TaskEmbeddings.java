package io.squisher.examples.reproduce.embedding;

import io.squisher.Counted;
import io.squisher.apps.taskembedding.Distance;
import io.squisher.apps.taskembedding.Grouping;
import io.squisher.apps.taskembedding.Grouping.FilterAxis;
import io.squisher.apps.taskembedding.Grouping.Kind;
import io.squisher.apps.taskembedding.Grouping.Vectors;
import io.squisher.apps.taskembedding.LargestSources;
import io.squisher.apps.taskembedding.NearestSources;
import io.squisher.apps.taskembedding.TaskDistances;
import io.squisher.apps.taskembedding.TaskEmbedding;
import io.squisher.apps.taskembedding.TransferResults;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.data.Split;
import io.squisher.examples.network.Classifier;
import io.squisher.examples.network.InitialValues;
import io.squisher.examples.network.TrainedNetwork;
import io.squisher.examples.network.TrainingParts;
import io.squisher.examples.network.TrainingSettings;
import io.squisher.examples.reproduce.setting.Architecture;
import io.squisher.examples.reproduce.setting.DiagonalCost;
import io.squisher.examples.reproduce.setting.LayerAgreement;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.setting.Panel;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.reproduce.setting.Point;
import io.squisher.examples.reproduce.setting.Run;
import io.squisher.examples.reproduce.setting.RunResult.Outcome;
import io.squisher.examples.reproduce.setting.SavedModel;
import io.squisher.examples.reproduce.setting.Setting;
import io.squisher.fisher.FisherScale;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Setting 5: tasks as vectors of their Fisher (Achille et al. 2019, Vu et al. 2020). For each target the other tasks are
 * ranked as sources to transfer from; the truth is the measured accuracy after every transfer.
 */
public record TaskEmbeddings(Options options, double referenceSeconds) implements Setting {
    private static final Part PART =
            new Part("rank of the best source", "mean reciprocal rank of the truly best source");

    /** The ways to embed and to compare that are tried on validation images; a choice is an index. */
    private static final List<Way> WAYS = List.of(
            new Way(Kind.FILTER, Distance.COSINE),
            new Way(Kind.FILTER, Distance.PLAIN_CORRELATION),
            new Way(Kind.ELEMENT, Distance.COSINE),
            new Way(Kind.ELEMENT, Distance.PLAIN_CORRELATION));

    private record Way(Kind kind, Distance distance) {
        String words() {
            return (kind.name() + " by " + distance.name())
                    .toLowerCase(Locale.ROOT)
                    .replace('_', ' ');
        }

        Grouping grouping() {
            return new Grouping(
                    kind, FilterAxis.LAST, Vectors.DROP, Optional.of(Pattern.compile("^" + Classifier.HEAD)));
        }
    }

    /**
     * How it is trained.
     *
     * @param baseSteps steps of the probe network on all classes of untransformed images
     * @param steps steps of fine-tuning on a source task
     * @param targetImages how many images a target has
     * @param targetSteps steps of fine-tuning on them
     */
    public record Options(
            Architecture architecture,
            VariedTasks tasks,
            int baseSteps,
            int steps,
            int targetImages,
            int targetSteps,
            float rate,
            int batch,
            SavedModel.FisherSettings fisher) {
        TrainingSettings training(int count, long seed) {
            return new TrainingSettings(count, batch, rate, seed);
        }
    }

    @Override
    public String name() {
        return "task-embedding";
    }

    @Override
    public Panel panel() {
        return Panel.TASK_EMBEDDING;
    }

    @Override
    public List<Part> parts() {
        return List.of(PART);
    }

    @Override
    public Map<String, String> hyperparameters() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("network", options.architecture().words());
        words.put("tasks", options.tasks().words());
        words.put(
                "pre-training",
                Counted.of(options.baseSteps(), "step") + " of Adam on all classes of the images as they are");
        words.put("source", Counted.of(options.steps(), "step") + " of Adam");
        words.put(
                "transfer",
                Counted.of(options.targetSteps(), "step") + " of Adam on " + Counted.of(options.targetImages(), "image")
                        + " of the target, from the source's weights; truth: test accuracy, over all ordered pairs");
        words.put("learning rate", Float.toString(options.rate()));
        words.put("batch", Integer.toString(options.batch()));
        words.put("examples of the Fisher", "at most " + options.fisher().most());
        words.put(
                "embedding",
                "of all weights but the head's; group and distance one of "
                        + WAYS.stream().map(Way::words).collect(Collectors.joining(", "))
                        + ", for each diagonal the best on the validation images of another seed");
        return words;
    }

    @Override
    public boolean choosesNumbers() {
        return false;
    }

    @Override
    public String words(double chosen) {
        return WAYS.get((int) chosen).words();
    }

    @Override
    public boolean hasChoice() {
        return true;
    }

    @Override
    public Optional<Outcome> choose(Run run) {
        Measured measured = measure(run, true);
        List<Point> points = new ArrayList<>();
        Map<String, Double> chosen = new LinkedHashMap<>();
        for (String diagonal : measured.diagonals()) {
            double best = Double.NEGATIVE_INFINITY;
            for (int way = 0; way < WAYS.size(); way++) {
                double rank = measured.rank(diagonal, WAYS.get(way));
                points.add(new Point(PART.name(), diagonal, way, rank));
                if (rank > best) {
                    best = rank;
                    chosen.put(diagonal, (double) way);
                }
            }
        }
        return Optional.of(new Outcome(points, List.of(), List.of(), chosen));
    }

    @Override
    public Outcome run(Run run) {
        Measured measured = measure(run, false);
        List<Point> points = new ArrayList<>();
        points.add(new Point(PART.name(), Panel.TASK_EMBEDDING.baseline(), measured.rankOfLargest()));
        for (String diagonal : measured.diagonals()) {
            Way way = WAYS.get(run.chosen().get(diagonal).intValue());
            points.add(new Point(PART.name(), diagonal, measured.rank(diagonal, way)));
        }
        List<LayerAgreement> layers = measured.models().values().stream()
                .flatMap(model -> model.layers().stream())
                .toList();
        List<DiagonalCost> costs =
                measured.models().values().stream().map(SavedModel::cost).toList();
        return new Outcome(points, layers, costs, run.chosen());
    }

    /** The sources' models by task, and what transfer really brought. */
    private record Measured(Map<String, SavedModel> models, TransferResults truth) {
        List<String> diagonals() {
            return List.copyOf(models.values().iterator().next().diagonals().keySet());
        }

        private List<TaskEmbedding> embeddings(OpenFiles files, String diagonal, Way way) {
            List<TaskEmbedding> embeddings = new ArrayList<>();
            models.forEach((name, model) -> {
                TaskEmbedding embedding = TaskEmbedding.of(
                        files.fisher(model.diagonals().get(diagonal)), way.grouping(), FisherScale.BATCH_IF_KNOWN);
                embeddings.add(new TaskEmbedding(
                        name, embedding.groups(), embedding.values(), embedding.source(), model.images()));
            });
            return embeddings;
        }

        /** The mean reciprocal rank of the truly best source. */
        double rank(String diagonal, Way way) {
            try (OpenFiles files = new OpenFiles()) {
                TaskDistances distances = TaskDistances.of(embeddings(files, diagonal, way), way.distance());
                return truth.meanReciprocalRank(new NearestSources(distances), List.copyOf(models.keySet()));
            }
        }

        double rankOfLargest() {
            try (OpenFiles files = new OpenFiles()) {
                LargestSources largest = new LargestSources(embeddings(files, Methods.FISHER, WAYS.get(0)));
                return truth.meanReciprocalRank(largest, List.copyOf(models.keySet()));
            }
        }
    }

    private Measured measure(Run run, boolean validation) {
        Split all = run.source().split(run.seed());
        Split split = validation ? new Split(all.training(), all.validation(), all.validation()) : all;
        List<VariedTasks.Task> tasks = options.tasks().of(split, run.source(), run.seed());
        Map<String, SavedModel> models = new LinkedHashMap<>();
        Map<String, Map<String, float[]>> weights = new LinkedHashMap<>();
        Classifier network = options.architecture().network(InitialValues.random(run.seed()));
        try (TrainedNetwork trained =
                TrainedNetwork.open(network, options.training(options.baseSteps(), run.seed()), TrainingParts.PLAIN)) {
            trained.run(split.training(), new float[options.architecture().outputs()]);
            Map<String, float[]> base = trained.values();
            for (VariedTasks.Task task : tasks) {
                trained.restart(base);
                trained.run(task.training(), task.offsets(), options.steps());
                weights.put(task.name(), trained.values());
                models.put(
                        task.name(),
                        SavedModel.save(
                                trained,
                                task.training(),
                                task.offsets(),
                                options.fisher(),
                                run.folder().resolve(task.name())));
            }
            return new Measured(models, transfers(trained, tasks, weights));
        }
    }

    private TransferResults transfers(
            TrainedNetwork network, List<VariedTasks.Task> tasks, Map<String, Map<String, float[]>> weights) {
        Map<String, Map<String, Double>> scores = new LinkedHashMap<>();
        for (VariedTasks.Task target : tasks) {
            LabelledImages few = target.first(options.targetImages());
            Map<String, Double> bySource = new LinkedHashMap<>();
            for (VariedTasks.Task source : tasks) {
                if (source != target) {
                    network.restart(weights.get(source.name()));
                    network.run(few, target.offsets(), options.targetSteps());
                    bySource.put(source.name(), network.accuracy(target.test(), target.offsets()));
                }
            }
            scores.put(target.name(), bySource);
        }
        return new TransferResults(scores);
    }
}
