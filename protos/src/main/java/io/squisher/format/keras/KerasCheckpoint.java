package io.squisher.format.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Parameters;
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
    private static final String VARIABLES = "optimizer/vars/";

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
        KerasFile file = KerasFile.open(path);
        try {
            return new KerasCheckpoint(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
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
        Optional<JsonObject> optimizer = file.optimizer();
        Optional<JsonObject> settings = optimizer.map(json -> KerasFile.object(json, "config"));
        String className = optimizer
                .map(json -> text(json.get("class_name")))
                .or(() -> file.weights().attribute("optimizer/vars", "name"))
                .orElse("");
        if (LegacyKerasOptimizer.names(file.weights()).isEmpty() && numbered().isEmpty()) {
            throw refused("it holds no optimizer state: it was saved without, or before the model was trained");
        }
        KerasOptimizerKind kind = KerasOptimizerKind.of(className, settings.orElseGet(JsonObject::new))
                .orElseThrow(() -> refused(
                        className.isEmpty()
                                ? "it does not say which optimizer it is of"
                                : "its optimizer " + className + " keeps no average of squared gradients that could be"
                                        + " used; train with Adam, or compute the Fisher with 'squisher fisher'"));
        KerasLayout layout = new KerasLayout(path().toString(), kind, settings);
        Parameters parameters = Parameters.of(weights);
        Optional<List<Shape>> shapes =
                parameters.inOrder() && !parameters.tensors().isEmpty()
                        ? Optional.of(parameters.tensors().values().stream()
                                .map(Tensor::shape)
                                .toList())
                        : Optional.empty();
        List<Tensor> variables = numbered();
        if (variables.isEmpty()) {
            return new LegacyKerasOptimizer(file, kind, settings.orElseGet(JsonObject::new))
                    .named()
                    .orElseGet(() -> layout.state(legacyVariables(), shapes));
        }
        return layout.state(variables, shapes);
    }

    private List<Tensor> numbered() {
        TreeMap<Integer, Tensor> variables = new TreeMap<>();
        for (Map.Entry<String, Tensor> entry : file.weights().tensors().entrySet()) {
            String path = entry.getKey();
            if (path.startsWith(VARIABLES) && path.substring(VARIABLES.length()).matches("\\d{1,6}")) {
                variables.put(Integer.valueOf(path.substring(VARIABLES.length())), entry.getValue());
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
        return weights.names().isEmpty() ? Optional.empty() : Optional.of(weights);
    }

    @Override
    public void close() {
        file.close();
    }

    private SquisherException refused(String why) {
        return new SquisherException("cannot convert '" + path() + "': " + why);
    }
}
