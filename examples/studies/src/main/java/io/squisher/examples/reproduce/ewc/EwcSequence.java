package io.squisher.examples.reproduce.ewc;

import io.squisher.apps.ewc.Consolidation;
import io.squisher.apps.ewc.EwcOptions;
import io.squisher.apps.ewc.EwcOptions.Mode;
import io.squisher.apps.ewc.EwcPenalty;
import io.squisher.apps.ewc.EwcTask;
import io.squisher.apps.ewc.FisherImportance;
import io.squisher.apps.ewc.Importance;
import io.squisher.apps.ewc.UniformImportance;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.network.Classifier;
import io.squisher.examples.network.InitialValues;
import io.squisher.examples.network.TrainedNetwork;
import io.squisher.examples.network.TrainingParts;
import io.squisher.examples.network.TrainingSettings;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.setting.Run;
import io.squisher.examples.reproduce.setting.SavedModel;
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
import java.util.function.Function;
import java.util.regex.Pattern;

/** Learns one sequence of tasks again and again, each time held by another penalty; by several threads, each another method. */
final class EwcSequence {
    private static final EwcOptions SEPARATE =
            new EwcOptions(Mode.SEPARATE, 1, Optional.of(Pattern.compile("^" + Classifier.HEAD)));

    private final Run run;
    private final EwcTraining training;
    private final List<EwcTasks.Task> tasks;

    /** The first task, which no penalty can change: learned once, when it is first needed. */
    private First first;

    /**
     * A task that was learned.
     *
     * @param importance the diagonal's file; absent where the method needs none
     */
    private record Learned(Path model, Map<String, float[]> values, Optional<Path> importance) {}

    private record First(SavedModel model, Map<String, float[]> values, Path own) {}

    EwcSequence(Run run, EwcTraining training) {
        this.run = run;
        this.training = training;
        tasks = training.tasks().of(run.source(), run.seed(), training);
    }

    EwcTraining training() {
        return training;
    }

    /** The model after the first task. */
    SavedModel firstModel() {
        return first().model();
    }

    private synchronized First first() {
        if (first == null) {
            Classifier network = training.architecture().network(InitialValues.random(run.seed()));
            try (TrainedNetwork trained = TrainedNetwork.open(network, settings(0), TrainingParts.PENALISED)) {
                EwcTasks.Task task = tasks.get(0);
                trained.run(task.training(), task.offsets());
                Path stem = run.folder().resolve("first");
                SavedModel saved = SavedModel.save(trained, task.training(), task.offsets(), training.fisher(), stem);
                first = new First(saved, trained.values(), trained.saveOwn(stem.resolveSibling("first-own")));
            }
        }
        return first;
    }

    private Learned first(EwcMethod method) {
        First learned = first();
        Map<String, Path> diagonals = learned.model().diagonals();
        Path file = learned.model().model().resolveSibling("first.joint.safetensors");
        Optional<Path> importance =
                switch (method) {
                    case NONE, IDENTITY -> Optional.empty();
                    case FISHER -> Optional.of(diagonals.get(Methods.FISHER));
                    case EXACT -> Optional.of(diagonals.get(Methods.EXACT));
                    case JOINT -> fisher(learned.model().model(), new FisherKind.Joint(), file, 0);
                    case SQUISHER -> Optional.of(diagonals.get(Methods.SQUISHER));
                    case DATA_LOSS, UNSCALED, TIMES_BATCH, TIMES_DATASET -> Optional.of(learned.own());
                };
        return new Learned(learned.model().model(), learned.values(), importance);
    }

    private TrainingSettings settings(int task) {
        return training.settings(run.seed() * 100 + task);
    }

    /**
     * Learns all tasks in turn.
     *
     * @param images the images of a task that count
     * @return accuracy after the last task, mean over the tasks, percent
     */
    double learn(EwcMethod method, double lambda, Function<EwcTasks.Task, LabelledImages> images) {
        List<Learned> learned = new ArrayList<>(List.of(first(method)));
        for (int task = 1; task < tasks.size(); task++) {
            Map<String, float[]> before = learned.get(task - 1).values();
            Classifier network = training.architecture().network(InitialValues.of(before));
            TrainingParts parts = method == EwcMethod.NONE
                    ? TrainingParts.PLAIN
                    : new TrainingParts(true, method.needsOwnAccumulator(), false);
            try (TrainedNetwork trained = TrainedNetwork.open(network, settings(task), parts)) {
                if (method != EwcMethod.NONE) {
                    hold(trained, learned, method.scale(), lambda);
                }
                trained.run(tasks.get(task).training(), tasks.get(task).offsets());
                if (task == tasks.size() - 1) {
                    return tasks.stream()
                            .mapToDouble(each -> trained.accuracy(images.apply(each), each.offsets()))
                            .average()
                            .orElseThrow();
                }
                learned.add(save(trained, method, task));
            }
        }
        throw new IllegalStateException("a sequence has at least two tasks");
    }

    /** The sum of the penalties of all tasks so far: one quadratic around a centre of its own. */
    private static void hold(TrainedNetwork trained, List<Learned> learned, FisherScale scale, double lambda) {
        try (OpenFiles files = new OpenFiles()) {
            List<EwcTask> held = new ArrayList<>();
            for (Learned task : learned) {
                WeightSource weights = files.weights(task.model());
                Importance importance = task.importance()
                        .<Importance>map(file -> new FisherImportance(files.fisher(file), scale))
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
        Path stem = run.folder().resolve(method.name() + "-task-" + (number + 1));
        Path model = stem.resolveSibling(stem.getFileName() + ".onnx");
        trained.exportTask(model);
        Path fisher = stem.resolveSibling(stem.getFileName() + ".fisher.safetensors");
        Optional<Path> importance =
                switch (method) {
                    case NONE, IDENTITY -> Optional.empty();
                    case FISHER -> fisher(model, new FisherKind.Empirical(), fisher, number);
                    case EXACT -> fisher(model, new FisherKind.Exact(), fisher, number);
                    case JOINT -> fisher(model, new FisherKind.Joint(), fisher, number);
                    case SQUISHER -> Optional.of(trained.save(stem));
                    case DATA_LOSS, UNSCALED, TIMES_BATCH, TIMES_DATASET -> Optional.of(trained.saveOwn(stem));
                };
        return new Learned(model, trained.values(), importance);
    }

    private Optional<Path> fisher(Path model, FisherKind kind, Path target, int number) {
        EwcTasks.Task task = tasks.get(number);
        SavedModel.fisher(model, training.fisher().examples(task.training()), task.offsets(), kind, target);
        return Optional.of(target);
    }
}
