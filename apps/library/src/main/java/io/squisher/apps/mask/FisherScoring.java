package io.squisher.apps.mask;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.apps.topk.Scoring;
import io.squisher.fisher.FisherScale;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The diagonal itself: the Fisher (the reference's {@code label-square} and {@code expect-square}), or means of absolute
 * gradients (its {@code label-absolute}) where the file holds those. They cannot be had from a Fisher: the mean of roots is no
 * function of the mean, and the root of the mean has the order of the mean.
 */
public final class FisherScoring implements Scoring {
    private final NamedFisher fisher;
    private final boolean absolute;
    private final Sensitivity sensitivity;

    public FisherScoring(NamedFisher fisher) {
        this.fisher = fisher;
        this.absolute = fisher.diagonal().provenance().getKind() == Provenance.Kind.ABSOLUTE;
        this.sensitivity = absolute ? Sensitivity.asStored(fisher) : Sensitivity.of(fisher, FisherScale.NONE);
    }

    @Override
    public String name() {
        return "fisher";
    }

    @Override
    public Map<String, String> variant() {
        Map<String, String> variant = new LinkedHashMap<>(sensitivity.variant());
        variant.put("importance", absolute ? "absolute" : "square");
        return variant;
    }

    @Override
    public List<String> warnings() {
        return sensitivity.rescaling().warnings();
    }

    @Override
    public Optional<NamedFisher> fisher() {
        return Optional.of(fisher);
    }

    @Override
    public Tensor of(String parameter) {
        return sensitivity.of(parameter);
    }
}
