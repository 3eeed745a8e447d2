package io.squisher.format.pytorch;

import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import io.squisher.weights.WeightFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tensors of a PyTorch file as weights: its model's state dict, or if it has none, all tensors by their path. */
final class TorchWeights implements WeightSource {
    private final TorchFile file;
    private final Map<String, TorchTensor> tensors;
    private final Map<String, String> aliases = new LinkedHashMap<>();
    private final boolean model;

    private TorchWeights(TorchFile file, Map<String, TorchTensor> tensors, boolean model) {
        this.file = file;
        this.tensors = tensors;
        this.model = model;
        Map<TorchStorage, List<String>> byStorage = new java.util.IdentityHashMap<>();
        tensors.forEach((name, tensor) -> {
            List<String> others = byStorage.computeIfAbsent(tensor.storage(), s -> new java.util.ArrayList<>());
            others.stream()
                    .filter(other -> tensors.get(other).sameView(tensor))
                    .findFirst()
                    .ifPresentOrElse(first -> aliases.put(name, first), () -> others.add(name));
        });
    }

    static TorchWeights of(TorchFile file, TorchTree tree) {
        boolean model = !tree.weights().isEmpty();
        return new TorchWeights(file, model ? tree.weights() : tree.all(), model);
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public WeightFormat format() {
        return new TorchFormat();
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
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public void close() {
        file.close();
    }
}
