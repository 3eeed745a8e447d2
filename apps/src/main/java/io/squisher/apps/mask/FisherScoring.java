package io.squisher.apps.mask;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.apps.topk.Scoring;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.List;
import java.util.Map;

/**
 * The Fisher itself (the reference's {@code label-square} and {@code expect-square}). Its mean of absolute gradients
 * cannot be had from a diagonal: it is not a function of the mean of squares.
 */
public final class FisherScoring implements Scoring {
    private final NamedFisher fisher;
    private final Sensitivity sensitivity;

    public FisherScoring(NamedFisher fisher) {
        this.fisher = fisher;
        this.sensitivity = new Sensitivity(
                fisher.label(), FisherScale.NONE.rescaling(fisher.diagonal().provenance(), fisher.label()));
    }

    @Override
    public String name() {
        return "fisher";
    }

    @Override
    public Map<String, String> variant() {
        return Map.of(
                "importance",
                "square",
                "fisher",
                fisher.label(),
                "fisher_kind",
                fisher.diagonal().provenance().getKind().name().toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public List<String> warnings() {
        return sensitivity.rescaling().warnings();
    }

    @Override
    public Tensor of(String parameter) {
        Tensor diagonal = fisher.diagonal().tensor(parameter);
        TensorSpec spec = new TensorSpec(ElementType.F64, diagonal.shape());
        return new ComputedTensor(spec, List.of(diagonal), (start, count, inputs, output) -> {
            sensitivity.apply(parameter, start, inputs[0], count);
            for (int i = 0; i < count; i++) {
                // Adding 0 turns -0 into 0, whose bits sort rightly.
                output[i] = inputs[0][i] + 0.0;
            }
        });
    }
}
