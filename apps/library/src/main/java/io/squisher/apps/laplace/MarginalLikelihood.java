package io.squisher.apps.laplace;

import io.squisher.SquisherException;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import java.util.Collection;
import java.util.Map;

/**
 * The precision δ of a prior around 0 by the evidence (MacKay 1992, "Bayesian interpolation"; Immer et al. 2021, "Scalable
 * marginal likelihood estimation for model selection in deep learning"), for which no validation data is needed. With a diagonal
 * the Laplace approximation of log p(D | δ) is, up to what does not depend on δ,
 *
 * <pre>½ (P log δ − Σ_i log(h_i + δ) − δ Σ_i θ_i²),  h_i = s N F_i</pre>
 *
 * <p>over P weights θ. Its derivative after log δ is ½ (γ − δ Σ θ²), with the number of well-determined parameters γ = Σ h_i / (h_i + δ).
 * γ falls with δ and δ Σ θ² rises, so that there is one maximum, which is found by bisection.
 */
public final class MarginalLikelihood {
    /** Bisections between {@value #LEAST} and {@value #MOST}: they are then closer than any data can tell. */
    private static final int STEPS = 50;

    private static final double LEAST = 1e-12;
    private static final double MOST = 1e12;

    private final Map<String, Tensor> weights;
    private final Map<String, Tensor> fisher;
    private final double squares;

    /**
     * The evidence of some weights.
     *
     * @param weights θ, by tensor
     * @param fisher F of the same names and shapes, at scale
     * @throws SquisherException if a tensor is not finite, or all weights are 0 or have no Fisher: then no δ is best
     */
    public MarginalLikelihood(Map<String, Tensor> weights, Map<String, Tensor> fisher) {
        this.weights = weights;
        this.fisher = fisher;
        this.squares = sum(weights.values(), value -> value * value);
        if (!(squares > 0 && squares <= Double.MAX_VALUE)) {
            throw new SquisherException(
                    "the marginal likelihood has no largest value over the prior's precision: the sum of"
                            + " the squared weights is " + squares + "; give --prior");
        }
        if (!(sum(fisher.values(), value -> value) > 0)) {
            throw new SquisherException(
                    "the marginal likelihood has no largest value over the prior's precision: the Fisher"
                            + " is 0 everywhere; give --prior");
        }
    }

    /**
     * The δ of the largest evidence.
     *
     * @param examples N, above 0
     * @param scale s, above 0
     */
    public double prior(double examples, double scale) {
        double least = Math.log(LEAST);
        double most = Math.log(MOST);
        for (int step = 0; step < STEPS; step++) {
            double middle = (least + most) / 2;
            double precision = Math.exp(middle);
            if (determined(new Posterior(examples, scale, precision)) > precision * squares) {
                least = middle;
            } else {
                most = middle;
            }
        }
        return Math.exp((least + most) / 2);
    }

    /** γ: between 0 and the number of weights. */
    double determined(Posterior posterior) {
        return sum(fisher.values(), value -> 1 - posterior.prior() / posterior.precision(value));
    }

    /** The logarithm of the evidence, up to what does not depend on the prior's precision. */
    double logEvidence(Posterior posterior) {
        long count = weights.values().stream().mapToLong(Tensor::size).sum();
        double logarithms = sum(fisher.values(), value -> Math.log(posterior.precision(value)));
        return (count * Math.log(posterior.prior()) - logarithms - posterior.prior() * squares) / 2;
    }

    @FunctionalInterface
    private interface Term {
        double of(double value);
    }

    private static double sum(Collection<Tensor> tensors, Term term) {
        double[] sum = {0};
        for (Tensor tensor : tensors) {
            ChunkReader.upTo(tensor.size()).forEach(tensor, (index, value) -> sum[0] += term.of(value));
        }
        return sum[0];
    }
}
