package io.squisher.format.keras;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Parameters;
import io.squisher.files.Opening;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A Keras model with its optimizer. */
public final class KerasCheckpoint implements Checkpoint {
    private static final String OUTER = "optimizer/";
    private static final String INNER = "optimizer/inner_optimizer/";

    private final KerasFile file;
    private final KerasWeights weights;

    private KerasCheckpoint(KerasFile file) {
        this.file = file;
        this.weights = KerasWeights.of(file);
    }

    /** Whether the file is one of Keras's containers. */
    public static boolean recognises(Path path) {
        return KerasFile.recognises(path);
    }

    /** Opens a {@code .keras}, {@code .weights.h5} or {@code .h5}. */
    public static KerasCheckpoint open(Path path) {
        try (Opening opening = new Opening()) {
            return opening.keep(new KerasCheckpoint(opening.add(KerasFile.open(path))));
        }
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public String format() {
        return KerasFile.FORMAT;
    }

    @Override
    public OptimizerState optimizer() {
        List<Tensor> variables = numbered();
        if (LegacyKerasOptimizer.names(file.weights()).isEmpty() && variables.isEmpty()) {
            throw refused("it holds no optimizer state: it was saved without, or before the model was trained");
        }
        Optional<JsonObject> optimizer = file.optimizer().map(KerasCheckpoint::inner);
        Optional<JsonObject> settings = optimizer.map(json -> KerasFile.object(json, "config"));
        String className = optimizer
                .map(json -> text(json.get("class_name")))
                .or(() -> file.weights().attribute(INNER + "vars", "name"))
                .or(() -> file.weights().attribute(OUTER + "vars", "name"))
                .orElse("");
        KerasOptimizerKind kind = KerasOptimizerKind.of(className, settings.orElseGet(JsonObject::new))
                .orElseThrow(() -> refused(KerasOptimizerKind.whyNot(className)));
        KerasLayout layout = new KerasLayout(path().toString(), kind, settings);
        Parameters parameters = Parameters.of(weights);
        Optional<List<Shape>> shapes =
                parameters.inOrder() && !parameters.tensors().isEmpty()
                        ? Optional.of(parameters.tensors().values().stream()
                                .map(Tensor::shape)
                                .toList())
                        : Optional.empty();
        if (variables.isEmpty()) {
            return new LegacyKerasOptimizer(file, kind, settings.orElseGet(JsonObject::new))
                    .named(weights)
                    .orElseGet(() -> layout.state(legacyVariables(), shapes));
        }
        return layout.state(variables, shapes, parameters.tensors().size());
    }

    /** An optimizer that scales the loss keeps nothing itself: the gradients that the one inside it sees are unscaled. */
    private static JsonObject inner(JsonObject optimizer) {
        JsonObject config = KerasFile.object(optimizer, "config");
        JsonObject inner = config == null ? null : KerasFile.object(config, "inner_optimizer");
        return inner != null && KerasOptimizerKind.isLossScale(text(optimizer.get("class_name"))) ? inner : optimizer;
    }

    /** Where a loss is scaled, the variables of the optimizer inside stand by themselves, and once more behind the outer's. */
    private List<Tensor> numbered() {
        List<Tensor> inner = numbered(INNER + "vars/");
        return inner.isEmpty() ? numbered(OUTER + "vars/") : inner;
    }

    private List<Tensor> numbered(String group) {
        TreeMap<Integer, Tensor> variables = new TreeMap<>();
        for (Map.Entry<String, Tensor> entry : file.weights().tensors().entrySet()) {
            String path = entry.getKey();
            if (path.startsWith(group) && path.substring(group.length()).matches("\\d{1,6}")) {
                variables.put(Integer.valueOf(path.substring(group.length())), entry.getValue());
            }
        }
        return new ArrayList<>(variables.values());
    }

    private List<Tensor> legacyVariables() {
        List<Tensor> variables = new ArrayList<>();
        for (String name : LegacyKerasOptimizer.names(file.weights())) {
            Tensor tensor = file.weights().tensors().get(LegacyKerasOptimizer.GROUP + "/" + name);
            if (tensor != null) {
                variables.add(tensor);
            }
        }
        return variables;
    }

    private static String text(JsonElement element) {
        if (element == null || !element.isJsonPrimitive()) {
            return "";
        }
        // Old files have a registered name: keras.optimizers>Adam.
        String text = element.getAsString();
        return text.substring(text.lastIndexOf('>') + 1);
    }

    @Override
    public Optional<WeightSource> weights() {
        return weights.names().isEmpty() ? Optional.empty() : Optional.of(inOrder());
    }

    /** The weights in the model's order, where nothing but the optimizer tells it. */
    private KerasWeights inOrder() {
        if (weights.isInOrder() || file.config().isPresent()) {
            return weights;
        }
        try {
            List<Shape> slots = optimizer().slots().stream()
                    .map(slot -> slot.accumulator().orElseThrow().shape())
                    .toList();
            return KerasInterleaving.of(
                            KerasLayers.of(file).paths(), Parameters.of(weights).tensors(), slots)
                    .map(weights::inOrderOf)
                    .orElse(weights);
        } catch (SquisherException e) {
            // Whoever wants the optimizer's state says what is wrong with it.
            return weights;
        }
    }

    @Override
    public void close() {
        file.close();
    }

    private SquisherException refused(String why) {
        return new SquisherException("cannot convert '" + path() + "': " + why);
    }
}
