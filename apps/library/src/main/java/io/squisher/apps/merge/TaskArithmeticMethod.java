package io.squisher.apps.merge;

import io.squisher.apps.plan.Problems;
import java.util.List;
import java.util.Set;

/**
 * Task arithmetic (Ilharco et al. 2023, "Editing models with task arithmetic"): θ = θ_0 + α Σ_i λ_i (θ_i − θ_0). The
 * weights λ_i are factors and need not sum to 1. Fishers are not used.
 */
public final class TaskArithmeticMethod extends TaskVectorMethod {
    /**
     * Merges fine-tuned descendants of {@code base}.
     *
     * @param base the common ancestor; its weight and Fisher are not used
     * @param options of which α counts
     */
    public TaskArithmeticMethod(MergeInput base, TaskVectorOptions options) {
        super(base, options);
    }

    @Override
    public String name() {
        return "task-arithmetic";
    }

    @Override
    public void check(List<MergeInput> models, Problems problems) {
        checkFactors(models, problems);
    }

    @Override
    public Prepared prepare(List<MergeInput> models, Set<String> merged) {
        return new Prepared(
                name -> merge(models, name, List.of(), new Sum(scaled(factors(models, name)), false)),
                List.of(),
                models.stream().map(model -> "not used").toList());
    }
}
