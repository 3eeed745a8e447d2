package io.squisher.format.flax;

import io.squisher.tensor.Tensor;
import io.squisher.weights.NamedTensors;
import io.squisher.weights.Role;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The model's arrays: those of {@code params} under their own names, those of other collections, such as {@code batch_stats}, under the
 * collection's; where nothing is called {@code params}, all that no optimizer keeps.
 */
final class FlaxWeights extends NamedTensors {
    private static final String PARAMS = "params";

    /** What Flax's first optimizers called it, and programs that keep a model beside an optimizer. */
    private static final Set<String> MODELS = Set.of(PARAMS, "target", "model");

    private final FlaxFile file;
    private final Set<String> measured;

    private FlaxWeights(FlaxFile file, Map<String, Tensor> tensors, Set<String> measured) {
        super(file.path(), new FlaxFormat(), tensors);
        this.file = file;
        this.measured = measured;
    }

    static FlaxWeights of(FlaxFile file) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Set<String> measured = new HashSet<>();
        boolean hasModel = file.root().keySet().stream().anyMatch(MODELS::contains);
        // The state of an optimizer that is saved alone is a chain: positions for names.
        boolean isChain = OptaxState.isIn(file.root())
                && file.root().keySet().stream().allMatch(key -> key.matches("\\d+|inner_.*|count|mu|nu"));
        if (!isChain) {
            file.root().forEach((key, value) -> {
                if (value instanceof Map<?, ?> tree && !OptaxState.isIn(tree)) {
                    collection(key, FlaxTree.leaves(tree), hasModel, tensors, measured);
                } else if (value instanceof Tensor tensor && !hasModel) {
                    tensors.put(key, tensor);
                }
            });
        }
        return new FlaxWeights(file, tensors, measured);
    }

    private static void collection(
            String key,
            Map<String, Tensor> leaves,
            boolean hasModel,
            Map<String, Tensor> tensors,
            Set<String> measured) {
        boolean isModel = MODELS.contains(key);
        leaves.forEach((name, tensor) -> {
            boolean inside = isModel && name.matches("(batch_stats|cache|intermediates)/.*");
            String full = isModel ? FlaxTree.parameter(name) : key + "/" + name;
            if (tensors.putIfAbsent(full, tensor) == null && (inside || hasModel && !isModel)) {
                measured.add(full);
            }
        });
    }

    @Override
    public Role role(String name) {
        Role role = super.role(name);
        return role == Role.PARAMETER && measured.contains(name) ? Role.STATISTIC : role;
    }

    @Override
    public void close() {
        file.close();
    }
}
