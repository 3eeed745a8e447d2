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
        ConvexHull hull = new ConvexHull(tensors.get(0).type(), shares.length);
        return new ComputedTensor(TensorSpec.of(tensors.get(0)), tensors, new Kernel(shares, hull));
    }

    /** The models' weights for a tensor, made to sum to 1. */
    static double[] shares(List<MergeInput> models, String name) {
        double[] weights =
                models.stream().mapToDouble(model -> model.share().in(name)).toArray();
        double total = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / total).toArray();
    }

    private record Kernel(double[] shares, ConvexHull hull) implements ComputedTensor.FloatKernel {
        @Override
        public void compute(long start, int count, double[][] inputs, double[] output) {
            Arrays.fill(output, 0, count, 0);
            for (int model = 0; model < shares.length; model++) {
                double share = shares[model];
                double[] values = inputs[model];
                for (int i = 0; i < count; i++) {
                    output[i] += share * values[i];
                }
            }
            hull.clamp(output, inputs, count);
        }

        @Override
        public void computeFloats(ComputedTensor.FloatChunk chunk, float[] output) {
            double[] sum = chunk.scratch()[0];
            Arrays.fill(sum, 0, chunk.count(), 0);
            for (int model = 0; model < shares.length; model++) {
                double share = shares[model];
                float[] values = chunk.inputs()[model];
                for (int i = 0; i < chunk.count(); i++) {
                    sum[i] += share * values[i];
                }
            }
            for (int i = 0; i < chunk.count(); i++) {
                output[i] = (float) sum[i];
            }
        }
    }
}
