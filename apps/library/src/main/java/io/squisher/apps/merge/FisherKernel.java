package io.squisher.apps.merge;

import io.squisher.apps.merge.FisherMergeOptions.Floor;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.tensor.ComputedTensor;
import java.util.Arrays;
import java.util.List;

/**
 * The arithmetic of Fisher merging. Inputs are θ_1 … θ_M, F_1 … F_M.
 *
 * <p>Its loops have no branches, so that they run as fast as memory lets them: entries that no Fisher has and sums that
 * are 0 are looked for in the bits, and dealt with where one was found.
 *
 * @param name the tensor's
 */
record FisherKernel(String name, FisherMergeOptions options, List<Sensitivity> sensitivities, Mixture mixture)
        implements ComputedTensor.FloatKernel {
    /**
     * How the models share a tensor.
     *
     * @param weights w_i
     * @param shares λ_i, summing to 1, for where no Fisher decides
     * @param hull bounds of the result
     */
    record Mixture(double[] weights, double[] shares, ConvexHull hull) {}

    @Override
    public void compute(long start, int count, double[][] inputs, double[] output) {
        int models = mixture.weights.length;
        double[] total = inputs[models];
        Arrays.fill(output, 0, count, 0);
        for (int model = 0; model < models; model++) {
            double[] fisher = inputs[models + model];
            sensitivities.get(model).apply(name, start, fisher, count);
            raise(fisher, count, model);
            double weight = mixture.weights[model];
            double[] theta = inputs[model];
            for (int i = 0; i < count; i++) {
                fisher[i] *= weight;
                output[i] += fisher[i] * theta[i];
            }
            for (int i = 0; model > 0 && i < count; i++) {
                total[i] += fisher[i];
            }
        }
        for (int i = 0; i < count; i++) {
            output[i] /= total[i];
        }
        for (int i = 0; i < count; i++) {
            if (total[i] == 0) {
                output[i] = 0;
                for (int model = 0; model < models; model++) {
                    output[i] += mixture.shares[model] * inputs[model][i];
                }
            }
        }
        mixture.hull.clamp(output, inputs, count);
    }

    private void raise(double[] fisher, int count, int model) {
        double floor = options.floorValue();
        if (options.floor() == Floor.ALL || options.floor() == Floor.TARGET && model == 0) {
            for (int i = 0; i < count; i++) {
                fisher[i] = Math.max(fisher[i], floor);
            }
        } else if (options.floor() == Floor.ADD) {
            for (int i = 0; i < count; i++) {
                fisher[i] += floor;
            }
        }
    }

    @Override
    public void computeFloats(ComputedTensor.FloatChunk chunk, float[] output) {
        int models = mixture.weights.length;
        if (options.floor() != Floor.NONE
                || !sensitivities.stream().allMatch(sensitivity -> sensitivity.isFactor(name))) {
            widen(chunk, output);
            return;
        }
        int count = chunk.count();
        double[] weighted = chunk.scratch()[0];
        double[] total = chunk.scratch()[1];
        Arrays.fill(weighted, 0, count, 0);
        Arrays.fill(total, 0, count, 0);
        for (int model = 0; model < models; model++) {
            float[] theta = chunk.inputs()[model];
            float[] fisher = chunk.inputs()[models + model];
            sensitivities.get(model).check(name, chunk.start(), fisher, count);
            double weight = mixture.weights[model] * sensitivities.get(model).factor(name);
            for (int i = 0; i < count; i++) {
                double share = weight * fisher[i];
                weighted[i] += share * theta[i];
                total[i] += share;
            }
        }
        long signs = 0;
        for (int i = 0; i < count; i++) {
            output[i] = (float) (weighted[i] / total[i]);
            signs |= Double.doubleToRawLongBits(total[i]) - 1;
        }
        if (signs < 0) {
            averageWhereUnknown(chunk, total, output);
        }
    }

    private void averageWhereUnknown(ComputedTensor.FloatChunk chunk, double[] total, float[] output) {
        for (int i = 0; i < chunk.count(); i++) {
            if (total[i] == 0) {
                double average = 0;
                for (int model = 0; model < mixture.shares.length; model++) {
                    average += mixture.shares[model] * chunk.inputs()[model][i];
                }
                output[i] = (float) average;
            }
        }
    }

    /** The variants are rarer; they go through doubles. */
    private void widen(ComputedTensor.FloatChunk chunk, float[] output) {
        int count = chunk.count();
        for (int input = 0; input < chunk.inputs().length && input < chunk.scratch().length; input++) {
            for (int i = 0; i < count; i++) {
                chunk.scratch()[input][i] = chunk.inputs()[input][i];
            }
        }
        double[] wide = new double[count];
        compute(chunk.start(), count, chunk.scratch(), wide);
        for (int i = 0; i < count; i++) {
            output[i] = (float) wide[i];
        }
    }
}
