package io.squisher.weights;

import io.squisher.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** The weights of a file under other names. */
public final class RenamedWeights extends NamedTensors {
    private final WeightSource source;
    private final Renaming renaming;
    private final Map<String, String> own;

    /** The weights of {@code source}, which is closed with them. */
    public RenamedWeights(WeightSource source, Renaming renaming) {
        super(source.path(), source.format(), renaming.of(tensors(source)));
        this.source = source;
        this.renaming = renaming;
        this.own = renaming.inverse();
    }

    private static Map<String, Tensor> tensors(WeightSource source) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        source.names().forEach(name -> tensors.put(name, source.tensor(name)));
        return tensors;
    }

    @Override
    public Role role(String name) {
        tensor(name);
        return source.role(own.getOrDefault(name, name));
    }

    @Override
    public boolean isInOrder() {
        return source.isInOrder();
    }

    @Override
    public Map<String, String> aliases() {
        Map<String, String> aliases = new LinkedHashMap<>();
        source.aliases().forEach((alias, name) -> aliases.put(renaming.of(alias), renaming.of(name)));
        return aliases;
    }

    @Override
    public Map<String, String> unread() {
        return source.unread();
    }

    @Override
    public Map<String, String> metadata() {
        return source.metadata();
    }

    @Override
    public void close() {
        source.close();
    }
}
