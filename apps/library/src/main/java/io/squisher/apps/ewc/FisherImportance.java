package io.squisher.apps.ewc;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.fisher.FisherScale;
import io.squisher.fisher.Rescaling;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A task's Fisher or Squisher: EWC as published. */
public final class FisherImportance implements Importance {
    private final NamedFisher fisher;
    private final FisherScale scale;
    private Sensitivity sensitivity;

    /**
     * The importance that {@code fisher} gives. Whether the scale can be had is looked at with the other tasks', by
     * {@link Consolidation}.
     *
     * @param scale brings an accumulator to the scale of the mean Fisher
     */
    public FisherImportance(NamedFisher fisher, FisherScale scale) {
        this.fisher = fisher;
        this.scale = scale;
    }

    private Sensitivity sensitivity() {
        if (sensitivity == null) {
            sensitivity = Sensitivity.of(fisher, scale);
        }
        return sensitivity;
    }

    /** What brings an accumulator to the scale of the mean Fisher. */
    FisherScale scale() {
        return scale;
    }

    @Override
    public String name() {
        Rescaling rescaling = sensitivity().rescaling();
        return "fisher '" + fisher.label() + "' (" + rescaling.description() + ")";
    }

    @Override
    public Set<String> parameters() {
        Set<String> names = new LinkedHashSet<>(fisher.diagonal().names());
        names.removeIf(name -> fisher.diagonal().role(name) != Role.PARAMETER);
        return names;
    }

    @Override
    public Optional<NamedFisher> fisher() {
        return Optional.of(fisher);
    }

    @Override
    public Tensor of(String parameter) {
        return sensitivity().of(parameter);
    }

    @Override
    public ElementType precision(String parameter) {
        return fisher.diagonal().tensor(parameter).type() == ElementType.F64 ? ElementType.F64 : ElementType.F32;
    }

    @Override
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(sensitivity().rescaling().warnings());
        if (fisher.diagonal().provenance().getAccumulator().getPenaltyActive()) {
            warnings.add(
                    "'" + fisher.label() + "' is an accumulator of a training with a penalty: it holds the penalty's"
                            + " gradient too, which can exceed the Fisher by far; reset the optimizer between tasks, or keep an"
                            + " accumulator of the data loss alone (docs/when-it-works.md)");
        }
        return warnings;
    }
}
