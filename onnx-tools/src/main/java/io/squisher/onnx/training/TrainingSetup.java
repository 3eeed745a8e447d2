package io.squisher.onnx.training;

import io.squisher.SquisherException;
import io.squisher.files.Opening;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxRoles;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.fisher.labels.LabelArray;
import io.squisher.onnx.runtime.SharedWeights;
import io.squisher.onnx.training.graph.Dropouts;
import io.squisher.onnx.training.graph.TrainableGraph;
import io.squisher.onnx.training.graph.TrainingMode;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Model, data and settings, checked against each other: what is trained, what is frozen, and the graphs for examples of each
 * shape, which are loaded when they are first needed.
 */
final class TrainingSetup implements AutoCloseable {
    private final TrainingQuestion question;
    private final long seed;
    private final List<TrainingData> training;
    private final List<TrainingData> validation;
    private final Map<TrainingData, LabelArray> labels = new java.util.IdentityHashMap<>();
    private final Map<String, ShapedModel> models = new LinkedHashMap<>();
    private final Map<String, StepSession> trainingSessions = new HashMap<>();
    private final Map<String, StepSession> scoringSessions = new HashMap<>();
    private final SharedWeights frozenWeights = new SharedWeights();
    private final ModelState state;
    private final List<HeldParameter> held = new ArrayList<>();
    private final int frozen;

    /**
     * Measures the model on each shape of data and takes its weights.
     *
     * @throws SquisherException if something does not fit together
     */
    TrainingSetup(
            TrainingQuestion question,
            StepChoice steps,
            List<TrainingData> training,
            List<TrainingData> validation,
            long seed) {
        this.question = question;
        this.seed = seed;
        this.training = List.copyOf(training);
        this.validation = List.copyOf(validation);
        try (SharedWeights measuring = new SharedWeights()) {
            for (TrainingData data : training) {
                models.computeIfAbsent(data.shapes(), missing -> ShapedModel.of(question, data, measuring));
            }
            for (TrainingData data : validation) {
                models.computeIfAbsent(data.shapes(), missing -> ShapedModel.of(question, data, measuring));
            }
        }
        ShapedModel first = model(training.get(0));
        refuseOneClass(first);
        training.forEach(data -> labels.put(data, model(data).labels(data)));
        validation.forEach(data -> labels.put(data, model(data).labels(data)));
        EmptyClasses.of(first, labels, training).ifPresent(question.runtime().notices());
        Set<String> candidates = candidates(question.file(), first);
        Set<String> chosen = new LinkedHashSet<>(candidates);
        chosen.removeIf(steps::isFrozen);
        Set<String> trained = first.reachable(chosen);
        refuseNone(candidates, chosen, trained);
        this.frozen = candidates.size() - trained.size();
        TrainableGraph graph = first.training(trained, trained);
        trained.retainAll(new LinkedHashSet<>(union(graph)));
        this.state = state(first, graph, trained, steps);
        hold(steps);
    }

    private static void refuseOneClass(ShapedModel model) {
        if (model.classes().orElse(0) == 1) {
            throw new SquisherException(
                    "'" + model.logits().value() + "' has one class, which is right for every label: there"
                            + " is nothing to learn; take labels and a head of two classes or more, or for a number the likelihood"
                            + " gaussian");
        }
    }

    private static Set<String> union(TrainableGraph graph) {
        Set<String> all = new LinkedHashSet<>(graph.gradients().keySet());
        all.addAll(graph.rows().keySet());
        return all;
    }

    private void refuseNone(Set<String> candidates, Set<String> chosen, Set<String> trained) {
        if (!trained.isEmpty()) {
            return;
        }
        String path = question.file().path().toString();
        if (candidates.isEmpty()) {
            throw new SquisherException("'" + path + "' has no float32 parameters before the output '"
                    + training.get(0).bound().output() + "'; a quantized model is trained before it is quantized");
        }
        throw new SquisherException(
                chosen.isEmpty()
                        ? "all " + candidates.size() + " parameters of '" + path + "' are frozen"
                        : "no gradient reaches a parameter of '" + path + "' from the output '"
                                + training.get(0).bound().output()
                                + "'; choose another value with --output ('squisher inspect --graph MODEL' lists them)");
    }

    private static Set<String> candidates(OnnxFile file, ShapedModel model) {
        OnnxRoles roles = OnnxRoles.of(file.model().getGraph());
        Map<String, TensorProto> stored = new HashMap<>();
        file.model().getGraph().getInitializerList().forEach(tensor -> stored.put(tensor.getName(), tensor));
        Set<String> candidates = new LinkedHashSet<>();
        model.values().graph().initializers().forEach((name, proto) -> {
            boolean floating = proto.getDataType() == DataType.FLOAT_VALUE;
            if (floating && roles.role(name) == Role.PARAMETER && !Dropouts.isMark(name)) {
                TensorProto original = stored.get(name);
                if (original != null && original.getDataType() != DataType.FLOAT_VALUE) {
                    throw new SquisherException("'" + name + "' of '" + file.path() + "' is stored as "
                            + OnnxTensors.spec(original).type()
                            + "; steps of a training are smaller than its precision: export the model in float32");
                }
                candidates.add(name);
            }
        });
        return candidates;
    }

    private static ModelState state(ShapedModel model, TrainableGraph graph, Set<String> trained, StepChoice steps) {
        Map<String, TensorProto> stored = model.values().graph().initializers();
        Map<String, TrainedParameter> parameters = new LinkedHashMap<>();
        for (String name : trained) {
            TrainedParameter parameter = new TrainedParameter(
                    name,
                    OnnxTensors.read(stored.get(name)),
                    steps.optimizer().slots(),
                    graph.rows().containsKey(name));
            if (steps.keepsOwnSquares()) {
                parameter.keepOwnSquares();
            }
            parameters.put(name, parameter);
        }
        Map<String, ModelState.Statistic> statistics = new LinkedHashMap<>();
        graph.statistics()
                .keySet()
                .forEach(name -> statistics.put(name, ModelState.Statistic.of(OnnxTensors.read(stored.get(name)))));
        return new ModelState(parameters, statistics);
    }

    private void hold(StepChoice steps) {
        steps.checkMasks(state.parameters());
        Map<String, PenaltyTerm> penalties = steps.penalties().isEmpty()
                ? Map.of()
                : PenaltyTerm.of(steps.penalties(), state.parameters().keySet(), name -> {
                    TrainedParameter parameter = state.parameters().get(name);
                    return parameter.tensor(parameter.weights());
                });
        state.parameters().forEach((name, parameter) -> {
            Tensor mask = steps.masks().get(name);
            held.add(new HeldParameter(
                    parameter,
                    Optional.ofNullable(penalties.get(name)),
                    steps.decays(name, parameter.shape()),
                    mask == null ? null : bytes(mask)));
        });
    }

    private static byte[] bytes(Tensor mask) {
        double[] values = mask.toDoubles();
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] != 0 ? 1 : 0);
        }
        return bytes;
    }

    ModelState state() {
        return state;
    }

    List<HeldParameter> held() {
        return held;
    }

    int frozen() {
        return frozen;
    }

    List<TrainingData> training() {
        return training;
    }

    List<TrainingData> validation() {
        return validation;
    }

    LabelArray labels(TrainingData data) {
        return labels.get(data);
    }

    private ShapedModel model(TrainingData data) {
        return models.get(data.shapes());
    }

    boolean isSingle(TrainingData data) {
        return model(data).isSingle();
    }

    /** What is in training mode, for the log. */
    TrainingMode mode() {
        return model(training.get(0)).mode();
    }

    /** The session that trains on data. */
    StepSession trainer(TrainingData data) {
        return trainingSessions.computeIfAbsent(data.shapes(), missing -> {
            ShapedModel model = model(data);
            TrainableGraph graph = model.training(state.parameters().keySet(), state.names());
            return new StepSession(model, graph, state, frozenWeights, seed);
        });
    }

    /** The session that scores data. */
    StepSession scorer(TrainingData data) {
        return scoringSessions.computeIfAbsent(data.shapes(), missing -> {
            ShapedModel model = model(data);
            return new StepSession(model, model.scoring(state.names()), state, frozenWeights, seed);
        });
    }

    @Override
    public void close() {
        try (Opening opening = new Opening()) {
            opening.add(frozenWeights);
            trainingSessions.values().forEach(opening::add);
            scoringSessions.values().forEach(opening::add);
        }
    }
}
