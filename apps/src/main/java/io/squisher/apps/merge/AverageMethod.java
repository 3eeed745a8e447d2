package io.squisher.apps.merge;

import io.squisher.apps.plan.Problems;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The weighted mean of the parameters, θ = Σ λ_i θ_i / Σ λ_i: the baseline, and what statistics are merged by. */
public final class AverageMethod implements MergeMethod {
    @Override
    public String name() {
        return "average";
    }

    @Override
    public Map<String, String> variant() {
        return Map.of();
    }

    @Override
    public void check(List<MergeInput> models, Problems problems) {
        // Every set of models that can be merged at all can be averaged.
    }

    @Override
    public Prepared prepare(List<MergeInput> models, Set<String> merged) {
        return new Prepared(
                name -> average(models, name),
                List.of(),
                models.stream().map(model -> "").toList());
    }

    /** The average of the tensors called {@code name}. */
    static Tensor average(List<MergeInput> models, String name) {
        List<Tensor> tensors =
                models.stream().map(model -> model.weights().tensor(name)).toList();
        double[] shares = shares(models, name);
        return new ComputedTensor(TensorSpec.of(tensors.get(0)), tensors, (start, count, inputs, output) -> {
            mean(shares, inputs, output, count);
            ConvexHull.clamp(output, inputs, tensors.size(), count);
        });
    }

    /** The models' weights for a tensor, made to sum to 1. */
    static double[] shares(List<MergeInput> models, String name) {
        double[] weights =
                models.stream().mapToDouble(model -> model.share().in(name)).toArray();
        double total = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / total).toArray();
    }

    private static void mean(double[] shares, double[][] inputs, double[] output, int count) {
        Arrays.fill(output, 0, count, 0);
        for (int model = 0; model < shares.length; model++) {
            double share = shares[model];
            double[] values = inputs[model];
            for (int i = 0; i < count; i++) {
                output[i] += share * values[i];
            }
        }
    }
}
