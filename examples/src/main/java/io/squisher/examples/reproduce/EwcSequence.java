package io.squisher.examples.reproduce;

import io.squisher.apps.ewc.Consolidation;
import io.squisher.apps.ewc.EwcOptions;
import io.squisher.apps.ewc.EwcOptions.Mode;
import io.squisher.apps.ewc.EwcPenalty;
import io.squisher.apps.ewc.EwcTask;
import io.squisher.apps.ewc.FisherImportance;
import io.squisher.apps.ewc.Importance;
import io.squisher.apps.ewc.UniformImportance;
import io.squisher.examples.network.Classifier;
import io.squisher.examples.network.InitialValues;
import io.squisher.examples.network.TrainedNetwork;
import io.squisher.examples.network.TrainingParts;
import io.squisher.examples.network.TrainingSettings;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherScale;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/** Learns one sequence of tasks again and again, each time held by another penalty. */
final class EwcSequence {
    private static final EwcOptions SEPARATE =
            new EwcOptions(Mode.SEPARATE, 1, Optional.of(Pattern.compile("^" + Classifier.HEAD)));

    private final Run run;
    private final Ewc.Options options;
    private final List<EwcTasks.Task> tasks;
    private final List<LayerAgreement> layers = new ArrayList<>();
    private final List<DiagonalCost> costs = new ArrayList<>();

    /** The first task, which no penalty can change: learned once. */
    private final Learned first;

    private final Map<EwcMethod, Path> firstDiagonals;

    /** Accuracies after the last task, means over the tasks, percent. */
    record Accuracies(double validation, double test) {}

    /**
     * A task that was learned.
     *
     * @param importance the diagonal's file; absent where the method needs none
     */
    private record Learned(Path model, Map<String, float[]> values, Optional<Path> importance) {}

    EwcSequence(Run run, Ewc.Options options) {
        this.run = run;
        this.options = options;
        tasks = options.tasks()
                .of(
                        run.source(),
                        run.seed(),
                        options.count(),
                        options.architecture().outputs(),
                        options.side(),
                        options.most());
        Map<String, float[]> start = new HashMap<>();
        InitialValues random = InitialValues.random(run.seed());
        Classifier network = options.architecture().network(random);
        try (TrainedNetwork trained = TrainedNetwork.open(network, settings(0), TrainingParts.PENALISED)) {
            EwcTasks.Task task = tasks.get(0);
            trained.run(task.training(), task.offsets());
            SavedModel saved = SavedModel.save(
                    trained,
                    task.training(),
                    task.offsets(),
                    options.fisher(),
                    run.folder().resolve("first"));
            layers.addAll(saved.layers());
            costs.add(saved.cost());
            start.putAll(trained.values());
            firstDiagonals = new HashMap<>();
            firstDiagonals.put(EwcMethod.FISHER, saved.diagonals().get(Methods.FISHER));
            firstDiagonals.put(EwcMethod.EXACT, saved.diagonals().get(Methods.EXACT));
            firstDiagonals.put(EwcMethod.SQUISHER, saved.diagonals().get(Methods.SQUISHER));
            firstDiagonals.put(EwcMethod.DATA_LOSS, trained.saveOwn(run.folder().resolve("first-own")));
            first = new Learned(saved.model(), start, Optional.empty());
        }
    }

    List<LayerAgreement> layers() {
        return layers;
    }

    List<DiagonalCost> costs() {
        return costs;
    }

    private TrainingSettings settings(int task) {
        return new TrainingSettings(options.steps(), options.batch(), options.rate(), run.seed() * 100 + task);
    }

    /** Learns all tasks in turn. */
    Accuracies learn(EwcMethod method, double lambda) {
        List<Learned> learned = new ArrayList<>(
                List.of(new Learned(first.model(), first.values(), Optional.ofNullable(firstDiagonals.get(method)))));
        for (int task = 1; task < tasks.size(); task++) {
            Map<String, float[]> before = learned.get(task - 1).values();
            Classifier network = options.architecture().network(InitialValues.of(before));
            TrainingParts parts = method == EwcMethod.NONE
                    ? TrainingParts.PLAIN
                    : new TrainingParts(true, method == EwcMethod.DATA_LOSS, false);
            try (TrainedNetwork trained = TrainedNetwork.open(network, settings(task), parts)) {
                if (method != EwcMethod.NONE) {
                    hold(trained, learned, lambda);
                }
                trained.run(tasks.get(task).training(), tasks.get(task).offsets());
                if (task == tasks.size() - 1) {
                    return accuracies(trained);
                }
                learned.add(save(trained, method, task));
            }
        }
        throw new IllegalStateException("a sequence has at least two tasks");
    }

    /** The sum of the penalties of all tasks so far: one quadratic around a centre of its own. */
    private void hold(TrainedNetwork trained, List<Learned> learned, double lambda) {
        try (OpenFiles files = new OpenFiles()) {
            List<EwcTask> held = new ArrayList<>();
            for (Learned task : learned) {
                WeightSource weights = files.weights(task.model());
                Importance importance = task.importance()
                        .<Importance>map(file -> new FisherImportance(files.fisher(file), FisherScale.BATCH))
                        .orElseGet(() -> UniformImportance.identity(weights));
                held.add(new EwcTask(weights, importance, 1));
            }
            EwcPenalty penalty = Consolidation.of(held, SEPARATE);
            Map<String, float[]> present = trained.values();
            Map<String, float[]> centre = new HashMap<>(present);
            penalty.anchor().forEach((name, tensor) -> centre.put(name, tensor.toFloats()));
            Map<String, Tensor> fisher = penalty.fisher();
            trained.assign(centre);
            trained.hold(new FisherDiagonal(fisher, Provenance.getDefaultInstance()), lambda);
            trained.assign(present);
        }
    }

    private Learned save(TrainedNetwork trained, EwcMethod method, int number) {
        Path stem = run.folder().resolve("task-" + (number + 1));
        Path model = stem.resolveSibling(stem.getFileName() + ".onnx");
        trained.exportTask(model);
        Path fisher = stem.resolveSibling(stem.getFileName() + ".fisher.safetensors");
        Optional<Path> importance =
                switch (method) {
                    case NONE, IDENTITY -> Optional.empty();
                    case FISHER -> fisher(model, new FisherKind.Empirical(), fisher, number);
                    case EXACT -> fisher(model, new FisherKind.Exact(), fisher, number);
                    case DATA_LOSS -> Optional.of(trained.saveOwn(stem));
                    case SQUISHER -> Optional.of(trained.save(stem));
                };
        return new Learned(model, trained.values(), importance);
    }

    private Optional<Path> fisher(Path model, FisherKind kind, Path target, int number) {
        EwcTasks.Task task = tasks.get(number);
        SavedModel.fisher(model, options.fisher().examples(task.training()), task.offsets(), kind, target);
        return Optional.of(target);
    }

    private Accuracies accuracies(TrainedNetwork trained) {
        return new Accuracies(
                mean(task -> trained.accuracy(task.validation(), task.offsets())),
                mean(task -> trained.accuracy(task.test(), task.offsets())));
    }

    private double mean(ToDoubleFunction<EwcTasks.Task> accuracy) {
        return tasks.stream().mapToDouble(accuracy).average().orElseThrow();
    }
}
