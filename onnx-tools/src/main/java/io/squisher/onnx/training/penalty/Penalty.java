package io.squisher.onnx.training.penalty;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.Rescaling;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A quadratic term of the loss, {@code λ/2 Σ s_i (θ_i − θ*_i)²}: with a Fisher for s, elastic weight consolidation (Kirkpatrick
 * et al. 2017); with 1, an anchor at the weights that the training starts from.
 *
 * @param lambda λ, 0 or above
 * @param strength s by parameter, not negative, in the parameter's shape; empty for 1 everywhere
 * @param centre θ* by parameter; empty for the weights that the training starts from
 */
public record Penalty(double lambda, Optional<Map<String, Tensor>> strength, Optional<Map<String, Tensor>> centre) {
    public Penalty {
        if (!(lambda >= 0) || Double.isInfinite(lambda)) {
            throw new SquisherException("lambda is 0 or above and finite, not " + lambda);
        }
        strength = strength.map(LinkedHashMap::new);
        centre = centre.map(LinkedHashMap::new);
    }

    /**
     * Elastic weight consolidation. Numbers of the Fisher are taken as they are: {@code FisherScale} and {@code squisher ewc} bring
     * accumulators to the scale of a Fisher. Parameters that it lacks, a new head, say, are not held.
     *
     * @param fisher of the earlier tasks
     * @param anchor their weights θ*
     */
    public static Penalty ewc(double lambda, FisherDiagonal fisher, Map<String, Tensor> anchor) {
        return new Penalty(lambda, Optional.of(fisher.tensors()), Optional.of(anchor));
    }

    /** As {@link #ewc(double, FisherDiagonal, Map)}, held at the weights that the training starts from. */
    public static Penalty ewc(double lambda, FisherDiagonal fisher) {
        return new Penalty(lambda, Optional.of(fisher.tensors()), Optional.empty());
    }

    /**
     * As {@link #ewc(double, FisherDiagonal, Map)}, with the numbers of an accumulator brought to the scale of a Fisher.
     *
     * @param rescaling as {@code FisherScale} finds it
     */
    public static Penalty ewc(double lambda, FisherDiagonal fisher, Rescaling rescaling, Map<String, Tensor> anchor) {
        Map<String, Tensor> scaled = new LinkedHashMap<>();
        fisher.tensors().forEach((name, tensor) -> {
            TensorSpec spec = new TensorSpec(ElementType.F64, tensor.shape());
            scaled.put(name, new ComputedTensor(spec, List.of(tensor), (start, count, inputs, output) -> {
                for (int i = 0; i < count; i++) {
                    output[i] = rescaling.apply(name, inputs[0][i]);
                }
            }));
        });
        return new Penalty(lambda, Optional.of(scaled), Optional.of(anchor));
    }

    /** Holds all weights, each as firmly, at those that the training starts from. */
    public static Penalty anchor(double lambda) {
        return new Penalty(lambda, Optional.empty(), Optional.empty());
    }
}
