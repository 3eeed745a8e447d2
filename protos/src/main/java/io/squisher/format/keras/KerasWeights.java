package io.squisher.format.keras;

import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import io.squisher.weights.WeightFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The model's weights in a Keras file, under the names of layers and variables. */
final class KerasWeights implements WeightSource {
    private static final String LEGACY = "model_weights/";

    private final KerasFile file;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, Role> roles = new LinkedHashMap<>();
    private final boolean inOrder;

    KerasWeights(KerasFile file) {
        this.file = file;
        Map<String, Tensor> datasets = file.weights().tensors();
        if (isLegacy(file)) {
            this.inOrder = legacy(datasets);
        } else {
            KerasLayers layers = KerasLayers.of(file);
            layers.paths().forEach((name, path) -> {
                tensors.put(name, datasets.get(path));
                roles.put(name, layers.untrained().contains(name) ? Role.STATISTIC : Role.PARAMETER);
            });
            this.inOrder = layers.inOrder();
        }
        if (tensors.isEmpty()) {
            tensors.putAll(datasets);
        }
        tensors.forEach((name, tensor) -> {
            if (!tensor.type().isFloating()) {
                roles.put(name, Role.CONSTANT);
            }
        });
    }

    static boolean isLegacy(KerasFile file) {
        return file.weights().tensors().keySet().stream().anyMatch(path -> path.startsWith(LEGACY))
                || !file.weights().attributes("", "layer_names").isEmpty();
    }

    /** Layers and their variables stand in attributes, in the model's order. */
    private boolean legacy(Map<String, Tensor> datasets) {
        String root = datasets.keySet().stream().anyMatch(path -> path.startsWith(LEGACY)) ? "model_weights" : "";
        for (String layer : KerasNames.list(file.weights(), root, "layer_names")) {
            String group = root.isEmpty() ? layer : root + "/" + layer;
            for (String weight : KerasNames.list(file.weights(), group, "weight_names")) {
                Tensor tensor = datasets.get(group + "/" + weight);
                if (tensor != null) {
                    String name = KerasNames.withoutOutput(weight);
                    tensors.put(name, tensor);
                    boolean statistic = name.endsWith("moving_mean") || name.endsWith("moving_variance");
                    roles.put(name, statistic ? Role.STATISTIC : Role.PARAMETER);
                }
            }
        }
        return true;
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public WeightFormat format() {
        return new KerasFormat();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw missing(name);
        }
        return tensor;
    }

    @Override
    public Role role(String name) {
        return roles.getOrDefault(name, Role.PARAMETER);
    }

    @Override
    public boolean isInOrder() {
        return inOrder;
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public void close() {
        file.close();
    }
}
