package io.squisher.weights;

import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * Weights whose tensors are known by name as soon as their file is open; the values are read when asked for. Formats that say
 * more of their tensors than that override it.
 */
public abstract class NamedTensors implements WeightSource {
    private final Path path;
    private final WeightFormat format;
    private final Map<String, Tensor> tensors;

    /**
     * Tensors in a file.
     *
     * @param tensors in the file's order; not copied
     */
    protected NamedTensors(Path path, WeightFormat format, Map<String, Tensor> tensors) {
        this.path = path;
        this.format = format;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    @Override
    public final Path path() {
        return path;
    }

    @Override
    public final WeightFormat format() {
        return format;
    }

    @Override
    public final Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public final Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw missing(name);
        }
        return tensor;
    }

    @Override
    public Role role(String name) {
        return tensor(name).type().isFloating() ? Role.PARAMETER : Role.CONSTANT;
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }
}
