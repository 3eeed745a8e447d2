package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.proto.Provenance;
import java.io.Serializable;
import java.util.Locale;

/** Which Fisher is computed, over N examples with gradients g_n of the log-likelihood. */
public sealed interface FisherKind extends Serializable {
    /** {@code 1/N Σ g_n²} with the data's labels. */
    record Empirical() implements FisherKind {}

    /**
     * {@code 1/N Σ E_{y~p(·|x_n)} g_n(y)²} in closed form.
     *
     * @param topClasses over so many classes alone, the most probable ones of each example (of a token, of each token); the
     *     probability of the others is told with the sums. 0 for all classes
     */
    record Exact(int topClasses) implements FisherKind {
        public Exact {
            if (topClasses < 0) {
                throw new SquisherException("the most probable classes are at least 1, not " + topClasses);
            }
        }

        /** Over all classes. */
        public Exact() {
            this(0);
        }

        /** Whether some classes may be left out. */
        public boolean isOfTopClasses() {
            return topClasses > 0;
        }
    }

    /**
     * As exact, the expectation estimated from labels drawn from the model. Several draws of an example with one label are spread
     * over the classes ({@link Stratum}): the error falls about as fast as their number, not as its root.
     *
     * @param draws labels for each example, at least 1
     * @param seed with the number of the example it fixes the labels, whatever the batch
     */
    record Sampled(int draws, long seed) implements FisherKind {
        public Sampled {
            if (draws < 1) {
                throw new SquisherException("a sampled Fisher draws at least 1 label for each example, not " + draws);
            }
        }
    }

    /** {@code N (1/N Σ g_n)²}: sum first, then square. */
    record Joint() implements FisherKind {}

    /**
     * {@code 1/N Σ |g_n|} with the data's labels, one example at a time: no Fisher, but the importance that the reference of
     * FISH masks (Sung et al. 2021) calls {@code label-absolute}. It is no function of the squares.
     */
    record Absolute() implements FisherKind {}

    /** Whether the graph returns gradients, which are squared or made absolute outside of it. */
    default boolean takesGradients() {
        return this instanceof Joint || this instanceof Absolute;
    }

    /** Whether the data's labels are needed. */
    default boolean takesLabels() {
        return this instanceof Empirical || takesGradients();
    }

    /** The kind in a word: {@code empirical}, {@code exact}, {@code sampled}, {@code joint} or {@code absolute}. */
    default String word() {
        return toProto().name().toLowerCase(Locale.ROOT);
    }

    /** The kind as the file format has it. */
    default Provenance.Kind toProto() {
        if (this instanceof Empirical) {
            return Provenance.Kind.EMPIRICAL;
        }
        if (this instanceof Exact) {
            return Provenance.Kind.EXACT;
        }
        if (this instanceof Absolute) {
            return Provenance.Kind.ABSOLUTE;
        }
        return this instanceof Sampled ? Provenance.Kind.SAMPLED : Provenance.Kind.JOINT;
    }
}
