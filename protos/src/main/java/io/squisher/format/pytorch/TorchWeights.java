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
    private final TorchStateDict dict;
    private final boolean model;

    private TorchWeights(TorchFile file, TorchTree tree, boolean model) {
        super(
                file.path(),
                new TorchFormat(),
                new LinkedHashMap<>(model ? tree.model().tensors() : tree.all()));
        this.file = file;
        this.dict = tree.model();
        this.model = model;
        Map<TorchTensor.View, String> first = new HashMap<>();
        (model ? tree.model().tensors() : tree.all()).forEach((name, tensor) -> {
            String other = first.putIfAbsent(tensor.view(), name);
            if (other != null) {
                aliases.put(name, other);
            }
        });
    }

    static TorchWeights of(TorchFile file, TorchTree tree) {
        return new TorchWeights(file, tree, !tree.model().isEmpty());
    }

    @Override
    public Role role(String name) {
        if (!model || !tensor(name).type().isFloating()) {
            return Role.CONSTANT;
        }
        if (name.endsWith("running_mean") || name.endsWith("running_var")) {
            return Role.STATISTIC;
        }
        return dict.buffers().contains(name) ? Role.CONSTANT : Role.PARAMETER;
    }

    @Override
    public Map<String, String> unread() {
        Map<String, String> unread = new LinkedHashMap<>();
        dict.unread().forEach((name, type) -> unread.put(name, type.toString()));
        return unread;
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
