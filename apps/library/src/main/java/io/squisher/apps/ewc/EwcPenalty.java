package io.squisher.apps.ewc;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The penalty λ/2 Σ F (θ − θ*)².
 *
 * @param fisher F by parameter name, not negative
 * @param anchor θ* by parameter name, in the same shapes
 */
public record EwcPenalty(Map<String, Tensor> fisher, Map<String, Tensor> anchor) {
    public EwcPenalty {
        fisher = new LinkedHashMap<>(fisher);
        anchor = new LinkedHashMap<>(anchor);
    }

    /**
     * How firmly the network is held.
     *
     * @param coordinates how many are held
     * @param sum ΣF
     * @param largest the largest F: λ times it is the largest curvature that the penalty adds to the loss
     */
    public record Extent(long coordinates, double sum, double largest) {
        public double mean() {
            return sum / coordinates;
        }
    }

    /**
     * Reads the whole Fisher once.
     *
     * @throws SquisherException if an entry is none of a Fisher
     */
    public Extent extent() {
        double[] sum = {0};
        double[] largest = {0};
        ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
        fisher.values()
                .forEach(tensor -> reader.forEach(tensor, (i, value) -> {
                    sum[0] += value;
                    largest[0] = Math.max(largest[0], value);
                }));
        long coordinates = fisher.values().stream().mapToLong(Tensor::size).sum();
        return new Extent(coordinates, sum[0], largest[0]);
    }

    /**
     * The penalty at some weights.
     *
     * @param weights θ by parameter name
     * @throws SquisherException if a shape differs
     */
    public double value(double lambda, Function<String, Tensor> weights) {
        double[] sum = {0};
        ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
        fisher.keySet().forEach(name -> reader.forEach(terms(name, weights.apply(name)), (i, term) -> sum[0] += term));
        return lambda / 2 * sum[0];
    }

    private Tensor terms(String name, Tensor weights) {
        return computed(name, weights, (start, count, inputs, output) -> {
            for (int i = 0; i < count; i++) {
                double distance = inputs[0][i] - inputs[1][i];
                output[i] = inputs[2][i] * distance * distance;
            }
        });
    }

    /** The penalty's gradient λ F (θ − θ*) with respect to a parameter, in float64, computed as it is read. */
    public Tensor gradient(double lambda, String name, Tensor weights) {
        return computed(name, weights, (start, count, inputs, output) -> {
            for (int i = 0; i < count; i++) {
                output[i] = lambda * inputs[2][i] * (inputs[0][i] - inputs[1][i]);
            }
        });
    }

    private Tensor computed(String name, Tensor weights, ComputedTensor.Kernel kernel) {
        Tensor centre = anchor.get(name);
        if (!weights.shape().equals(centre.shape())) {
            throw new SquisherException("parameter '" + name + "' is " + TensorSpec.of(weights) + ", the penalty's is "
                    + TensorSpec.of(centre));
        }
        TensorSpec spec = new TensorSpec(ElementType.F64, centre.shape());
        return new ComputedTensor(spec, List.of(weights, centre, fisher.get(name)), kernel);
    }

    /** In a few words, for whoever looks at a value. */
    @Override
    public String toString() {
        return "penalty on " + Counted.of(fisher.size(), "parameter") + " of "
                + Counted.of(anchor.values().stream().mapToLong(Tensor::size).sum(), "entry", "entries") + ": "
                + FisherCheck.list(fisher.keySet());
    }
}
