package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.fisher.logits.LogitOutput;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.shape.GraphValues;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What to compute.
 *
 * @param model the model
 * @param examples arrays named after the model's inputs, and the labels
 * @param labels name of the array with the labels; needed by all but the exact and the sampled Fisher
 * @param output name of the output, or of any value in the graph, that the likelihood is of; the model's only output if
 *     absent
 * @param outputsAreLogits whether the output is taken for logits whatever it looks like; otherwise a softmax or sigmoid at
 *     the end is left out, and probabilities are refused
 * @param parameters which parameters, by a search in their names; all if absent
 * @param includeConstants whether epsilons, masks and the like are computed as well
 * @param tied whether initializers with the same values are one weight, with the gradient of all their uses
 * @param batchSize examples at once; found from a memory budget if absent
 */
public record FisherRequest(
        OnnxFile model,
        Examples examples,
        String labels,
        Optional<String> output,
        boolean outputsAreLogits,
        Likelihood likelihood,
        FisherKind kind,
        Optional<Pattern> parameters,
        boolean includeConstants,
        boolean tied,
        OptionalInt batchSize,
        RuntimeSettings runtime) {
    public FisherRequest {
        if (batchSize.isPresent() && batchSize.getAsInt() < 1) {
            throw new SquisherException("a batch has at least 1 example, not " + batchSize.getAsInt());
        }
    }

    /** A request for all parameters on the processor, with labels in the array {@code labels}. */
    public static FisherRequest of(OnnxFile model, Examples examples, Likelihood likelihood, FisherKind kind) {
        return new FisherRequest(
                model,
                examples,
                "labels",
                Optional.empty(),
                false,
                likelihood,
                kind,
                Optional.empty(),
                false,
                false,
                OptionalInt.empty(),
                RuntimeSettings.CPU);
    }

    public FisherRequest withBatchSize(int size) {
        return with(parameters, tied, OptionalInt.of(size), runtime);
    }

    public FisherRequest withRuntime(RuntimeSettings settings) {
        return with(parameters, tied, batchSize, settings);
    }

    /** With initializers of the same values as one weight. */
    public FisherRequest withTiedWeights() {
        return with(parameters, true, batchSize, runtime);
    }

    /** For the parameters in whose names {@code wanted} is found. */
    public FisherRequest withParameters(Pattern wanted) {
        return with(Optional.of(wanted), tied, batchSize, runtime);
    }

    private FisherRequest with(
            Optional<Pattern> newParameters, boolean newTied, OptionalInt newBatchSize, RuntimeSettings newRuntime) {
        return new FisherRequest(
                model,
                examples,
                labels,
                output,
                outputsAreLogits,
                likelihood,
                kind,
                newParameters,
                includeConstants,
                newTied,
                newBatchSize,
                newRuntime);
    }

    /** Of another output, or another value in the graph. */
    public FisherRequest withOutput(String name) {
        return withOutput(Optional.of(name), outputsAreLogits);
    }

    /** With the output taken for logits, whatever it looks like. */
    public FisherRequest withOutputsAreLogits() {
        return withOutput(output, true);
    }

    private FisherRequest withOutput(Optional<String> name, boolean logits) {
        return new FisherRequest(
                model,
                examples,
                labels,
                name,
                logits,
                likelihood,
                kind,
                parameters,
                includeConstants,
                tied,
                batchSize,
                runtime);
    }

    /** The value that the likelihood takes. */
    LogitOutput logitsOf(GraphValues values, String name) {
        return outputsAreLogits
                ? LogitOutput.asIs(values, name)
                : LogitOutput.of(values, name, likelihood, runtime.notices());
    }
}
