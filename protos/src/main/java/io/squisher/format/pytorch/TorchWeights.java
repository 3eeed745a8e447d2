package io.squisher.format.pytorch;

import io.squisher.weights.NamedTensors;
import io.squisher.weights.Role;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tensors of a PyTorch file as weights: its model's state dict, or if it has none, all tensors by their path. */
final class TorchWeights extends NamedTensors {
    private final TorchFile file;
    private final Map<String, String> aliases = new LinkedHashMap<>();
    private final boolean model;

    private TorchWeights(TorchFile file, Map<String, TorchTensor> tensors, boolean model) {
        super(file.path(), new TorchFormat(), new LinkedHashMap<>(tensors));
        this.file = file;
        this.model = model;
        Map<TorchTensor.View, String> first = new HashMap<>();
        tensors.forEach((name, tensor) -> {
            String other = first.putIfAbsent(tensor.view(), name);
            if (other != null) {
                aliases.put(name, other);
            }
        });
    }

    static TorchWeights of(TorchFile file, TorchTree tree) {
        boolean model = !tree.weights().isEmpty();
        return new TorchWeights(file, model ? tree.weights() : tree.all(), model);
    }

    @Override
    public Role role(String name) {
        if (!model || !tensor(name).type().isFloating()) {
            return Role.CONSTANT;
        }
        return name.endsWith("running_mean") || name.endsWith("running_var") ? Role.STATISTIC : Role.PARAMETER;
    }

    @Override
    public boolean isInOrder() {
        return model;
    }

    @Override
    public Map<String, String> aliases() {
        return Collections.unmodifiableMap(aliases);
    }

    @Override
    public void close() {
        file.close();
    }
}
