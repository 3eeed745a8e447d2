package io.squisher.format.keras;

import io.squisher.tensor.Tensor;
import io.squisher.weights.NamedTensors;
import io.squisher.weights.Role;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The model's weights in a Keras file, under the names of layers and variables. */
final class KerasWeights extends NamedTensors {
    private static final String LEGACY = "model_weights/";

    private final KerasFile file;
    private final Set<String> untrained;
    private final Set<String> metrics;
    private final boolean inOrder;

    private KerasWeights(
            KerasFile file, Map<String, Tensor> tensors, Set<String> untrained, Set<String> metrics, boolean inOrder) {
        super(file.path(), new KerasFormat(), tensors);
        this.file = file;
        this.untrained = untrained;
        this.metrics = metrics;
        this.inOrder = inOrder;
    }

    static KerasWeights of(KerasFile file) {
        Map<String, Tensor> datasets = file.weights().tensors();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Set<String> untrained = new HashSet<>();
        Set<String> metrics = Set.of();
        boolean inOrder = true;
        if (isLegacy(file)) {
            legacy(file, tensors, untrained);
        } else {
            KerasLayers layers = KerasLayers.of(file);
            layers.paths().forEach((name, path) -> tensors.put(name, datasets.get(path)));
            untrained.addAll(layers.untrained());
            metrics = layers.metrics();
            inOrder = layers.inOrder();
        }
        return new KerasWeights(file, tensors.isEmpty() ? datasets : tensors, untrained, metrics, inOrder);
    }

    static boolean isLegacy(KerasFile file) {
        return file.weights().tensors().keySet().stream().anyMatch(path -> path.startsWith(LEGACY))
                || !file.weights().attributes("", "layer_names").isEmpty();
    }

    /** Layers and their variables stand in attributes, in the model's order. */
    private static void legacy(KerasFile file, Map<String, Tensor> tensors, Set<String> untrained) {
        Map<String, Tensor> datasets = file.weights().tensors();
        String root = datasets.keySet().stream().anyMatch(path -> path.startsWith(LEGACY)) ? "model_weights" : "";
        Set<String> frozen = new HashSet<>();
        file.config()
                .map(json -> KerasFile.object(json, "config"))
                .ifPresent(model -> KerasLayerOrder.frozen(model, false, frozen));
        for (String layer : KerasNames.list(file.weights(), root, "layer_names")) {
            String group = root.isEmpty() ? layer : root + "/" + layer;
            for (String weight : KerasNames.list(file.weights(), group, "weight_names")) {
                Tensor tensor = datasets.get(group + "/" + weight);
                if (tensor != null) {
                    String name = KerasNames.withoutOutput(weight);
                    tensors.put(name, tensor);
                    if (name.endsWith("moving_mean")
                            || name.endsWith("moving_variance")
                            || frozen.contains(layer)
                            || Stream.of(name.split("/")).anyMatch(frozen::contains)) {
                        untrained.add(name);
                    }
                }
            }
        }
    }

    @Override
    public Role role(String name) {
        if (metrics.contains(name)) {
            return Role.CONSTANT;
        }
        Role role = super.role(name);
        return role == Role.PARAMETER && untrained.contains(name) ? Role.STATISTIC : role;
    }

    @Override
    public boolean isInOrder() {
        return inOrder;
    }

    @Override
    public void close() {
        file.close();
    }
}
