package io.squisher.apps.merge;

import io.squisher.apps.plan.Problems;
import io.squisher.apps.topk.Selection;
import io.squisher.apps.topk.TopK;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Model breadcrumbs (Davari and Belilovsky 2024, "Model breadcrumbs: scaling multi-task model merging with sparse masks"):
 * θ = θ_0 + α Σ_i λ_i m_i (θ_i − θ_0). In each tensor m_i is 0 for the share γ of the entries that changed most, and for
 * those that changed least, so that the share {@code density} is left between them; ties go to lower indices. Fishers are not
 * used.
 */
public final class BreadcrumbsMethod extends TaskVectorMethod {
    /**
     * Merges fine-tuned descendants of {@code base}.
     *
     * @param base the common ancestor; its weight and Fisher are not used
     */
    public BreadcrumbsMethod(MergeInput base, TaskVectorOptions options) {
        super(base, options);
    }

    @Override
    public String name() {
        return "breadcrumbs";
    }

    @Override
    public Map<String, String> variant() {
        Map<String, String> variant = super.variant();
        variant.put("density", Double.toString(options().density()));
        variant.put("gamma", Double.toString(options().gamma()));
        return variant;
    }

    @Override
    public void check(List<MergeInput> models, Problems problems) {
        checkFactors(models, problems);
        if (options().density() + options().gamma() > 1) {
            problems.add("breadcrumbs keeps the share density = " + options().density() + " below the share gamma = "
                    + options().gamma() + " of the largest changes, which is more than all; choose a smaller density");
        }
    }

    @Override
    public Prepared prepare(List<MergeInput> models, Set<String> merged) {
        return new Prepared(
                name -> {
                    List<Tensor> masks = new ArrayList<>();
                    models.forEach(model -> masks.add(mask(model, name)));
                    return merge(models, name, masks, new Sum(scaled(factors(models, name)), true));
                },
                List.of(),
                models.stream().map(model -> "not used").toList());
    }

    /** 1 where an entry is among the largest {@code density + gamma}, but not among the largest {@code gamma}. */
    private Tensor mask(MergeInput model, String name) {
        Map<String, Tensor> scores = Map.of(name, score(model, Optional.empty(), name));
        long size = scores.get(name).size();
        TensorSpec spec =
                new TensorSpec(ElementType.U8, model.weights().tensor(name).shape());
        List<Tensor> largest = new ArrayList<>();
        for (double share :
                new double[] {options().density() + options().gamma(), options().gamma()}) {
            Supplier<Selection> selection =
                    new Deferred<>(() -> TopK.select(scores, Math.min(size, Math.round(share * size))));
            largest.add(new DeferredTensor(spec, () -> selection.get().keep(name)));
        }
        return new ComputedTensor(spec, largest, (start, count, inputs, output) -> {
            for (int i = 0; i < count; i++) {
                output[i] = inputs[0][i] > 0 && inputs[1][i] == 0 ? 1 : 0;
            }
        });
    }
}
