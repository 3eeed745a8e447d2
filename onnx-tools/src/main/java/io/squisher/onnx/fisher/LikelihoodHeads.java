package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.onnx.fisher.likelihood.BernoulliHead;
import io.squisher.onnx.fisher.likelihood.CategoricalHead;
import io.squisher.onnx.fisher.likelihood.GaussianHead;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.graph.TensorShape;
import java.util.OptionalLong;

/** Makes the head of a likelihood for an output. */
public final class LikelihoodHeads {
    private LikelihoodHeads() {}

    /**
     * The head of a likelihood.
     *
     * @param output the shape of the model's output
     * @throws SquisherException if the likelihood does not fit it
     */
    public static LikelihoodHead of(Likelihood likelihood, TensorShape output) {
        if (output.exampleAxis() != 0 || output.size(0) != 1) {
            throw new SquisherException("the output " + output + " does not have the examples as its first axis;"
                    + " choose a value that has with --output ('squisher inspect --graph MODEL' lists them)");
        }
        if (likelihood instanceof Likelihood.Categorical categorical) {
            return new CategoricalHead(output, categorical.axis(), OptionalLong.empty());
        }
        if (likelihood instanceof Likelihood.CategoricalTokens tokens) {
            if (output.rank() < 3) {
                throw new SquisherException("the likelihood categorical-tokens needs logits [N, tokens, classes]; the"
                        + " output is " + output + ", use --likelihood categorical");
            }
            return new CategoricalHead(output, -1, OptionalLong.of(tokens.ignoreIndex()));
        }
        if (likelihood instanceof Likelihood.Gaussian gaussian) {
            return new GaussianHead(output, gaussian.variance());
        }
        return new BernoulliHead(output);
    }
}
