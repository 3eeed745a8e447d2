package io.squisher.format.keras;

import io.squisher.tensor.Tensor;
import io.squisher.weights.NamedTensors;
import io.squisher.weights.Role;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The model's weights in a Keras file, under the names of layers and variables. */
final class KerasWeights extends NamedTensors {
    private static final String LEGACY = "model_weights/";
    private static final Pattern MEASURED = Pattern.compile("(?:moving_mean|moving_variance|vector_u|sn_u)$");

    private final KerasFile file;
    private final Set<String> untrained;
    private final Set<String> metrics;
    private final boolean inOrder;
    private final Map<String, String> stored;

    private KerasWeights(
            KerasFile file,
            Map<String, Tensor> tensors,
            Map<String, String> stored,
            Set<String> untrained,
            Set<String> metrics,
            boolean inOrder) {
        super(file.path(), new KerasFormat(), tensors);
        this.file = file;
        this.stored = stored;
        this.untrained = untrained;
        this.metrics = metrics;
        this.inOrder = inOrder;
    }

    static KerasWeights of(KerasFile file) {
        Map<String, Tensor> datasets = file.weights().tensors();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> stored = Map.of();
        Set<String> untrained = new HashSet<>();
        Set<String> metrics = Set.of();
        boolean inOrder = true;
        if (isLegacy(file)) {
            stored = legacy(file, tensors, untrained);
        } else {
            KerasLayers layers = KerasLayers.of(file);
            layers.paths().forEach((name, path) -> tensors.put(name, datasets.get(path)));
            untrained.addAll(layers.untrained());
            metrics = layers.metrics();
            inOrder = layers.inOrder();
        }
        return new KerasWeights(file, tensors.isEmpty() ? datasets : tensors, stored, untrained, metrics, inOrder);
    }

    /** The same with some of the weights first, in the model's order. */
    KerasWeights inOrderOf(List<String> names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        names.forEach(name -> tensors.put(name, tensor(name)));
        names().forEach(name -> tensors.putIfAbsent(name, tensor(name)));
        return new KerasWeights(file, tensors, stored, untrained, metrics, true);
    }

    static boolean isLegacy(KerasFile file) {
        return file.weights().tensors().keySet().stream().anyMatch(path -> path.startsWith(LEGACY))
                || !file.weights().attributes("", "layer_names").isEmpty();
    }

    /** Layers and their variables stand in attributes, in the model's order. Gives the names by those that are stored. */
    private static Map<String, String> legacy(KerasFile file, Map<String, Tensor> tensors, Set<String> untrained) {
        Map<String, Tensor> datasets = file.weights().tensors();
        String root = datasets.keySet().stream().anyMatch(path -> path.startsWith(LEGACY)) ? LEGACY : "";
        Set<String> frozen = new HashSet<>();
        file.config()
                .map(json -> KerasFile.object(json, "config"))
                .ifPresent(model -> KerasLayerOrder.frozen(model, false, frozen));
        Map<String, Tensor> found = new LinkedHashMap<>();
        Set<String> fixed = new HashSet<>();
        LegacyKerasNames names = new LegacyKerasNames();
        for (String layer : KerasNames.list(file.weights(), root.replace("/", ""), "layer_names")) {
            for (String weight : KerasNames.list(file.weights(), root + layer, "weight_names")) {
                Tensor tensor = datasets.get(root + layer + "/" + weight);
                if (tensor != null) {
                    String name = KerasNames.withoutOutput(weight);
                    names.add(layer, name);
                    found.put(name, tensor);
                    if (MEASURED.matcher(name).find()
                            || frozen.contains(layer)
                            || Stream.of(name.split("/")).anyMatch(frozen::contains)) {
                        fixed.add(name);
                    }
                }
            }
        }
        Map<String, String> byStored = names.byStored();
        found.forEach((name, tensor) -> tensors.put(byStored.get(name), tensor));
        fixed.forEach(name -> untrained.add(byStored.get(name)));
        return byStored;
    }

    /** The name of a weight by the one that the older container has for it; that itself if it has none of the kind. */
    String named(String storedName) {
        return stored.getOrDefault(storedName, storedName);
    }

    /** The names that the older container has. */
    Set<String> stored() {
        return stored.keySet();
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
