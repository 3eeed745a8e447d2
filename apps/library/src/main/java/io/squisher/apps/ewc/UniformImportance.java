package io.squisher.apps.ewc;

import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The baselines: every parameter is equally important (plain L2 to θ*), or none is (no penalty). */
public final class UniformImportance implements Importance {
    private final WeightSource model;
    private final double value;
    private final String name;

    private UniformImportance(WeightSource model, double value, String name) {
        this.model = model;
        this.value = value;
        this.name = name;
    }

    /** 1 for every parameter of {@code model}. */
    public static Importance identity(WeightSource model) {
        return new UniformImportance(model, 1, "identity");
    }

    /** 0 for every parameter of {@code model}. */
    public static Importance none(WeightSource model) {
        return new UniformImportance(model, 0, "none");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<String> parameters() {
        Set<String> names = new LinkedHashSet<>(model.names());
        names.removeIf(parameter -> model.role(parameter) != Role.PARAMETER
                || !model.tensor(parameter).type().isFloating());
        return names;
    }

    @Override
    public Tensor of(String parameter) {
        TensorSpec spec =
                new TensorSpec(ElementType.F64, model.tensor(parameter).shape());
        return new ComputedTensor(
                spec, List.of(), (start, count, inputs, output) -> Arrays.fill(output, 0, count, value));
    }

    @Override
    public ElementType precision(String parameter) {
        return ElementType.F32;
    }

    @Override
    public List<String> warnings() {
        return List.of();
    }
}
