package io.squisher.onnx.fisher.likelihood;

import io.squisher.SquisherException;
import java.io.Serializable;

/** How a model's output is a distribution of labels. */
public sealed interface Likelihood extends Serializable {
    /** The name on the command line and in provenance. */
    String name();

    /**
     * Logits over classes: {@code log softmax(f)[y]}, summed over positions where there is more than one.
     *
     * @param axis the axis of the classes, negative from the end
     */
    record Categorical(int axis) implements Likelihood {
        @Override
        public String name() {
            return "categorical";
        }
    }

    /**
     * Logits over classes, last axis, at each token of a sequence; the log-likelihoods of an example's tokens are summed.
     *
     * @param ignoreIndex the label of tokens that do not count
     */
    record CategoricalTokens(long ignoreIndex) implements Likelihood {
        @Override
        public String name() {
            return "categorical-tokens";
        }
    }

    /** Logits of independent yes/no outputs: {@code Σ y log σ(f) + (1−y) log σ(−f)}. */
    record Bernoulli() implements Likelihood {
        @Override
        public String name() {
            return "bernoulli";
        }
    }

    /**
     * Means of independent normal outputs: {@code −½ Σ (y−f)² / variance}.
     *
     * @param variance of each output; 1 makes it half the squared error
     */
    record Gaussian(double variance) implements Likelihood {
        public Gaussian {
            if (!(variance > 0) || Double.isInfinite(variance)) {
                throw new SquisherException(
                        "the variance of a gaussian likelihood is a number above 0, not " + variance);
            }
        }

        @Override
        public String name() {
            return "gaussian";
        }
    }
}
