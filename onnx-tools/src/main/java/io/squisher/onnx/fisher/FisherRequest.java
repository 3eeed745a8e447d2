package io.squisher.onnx.fisher;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.runtime.RuntimeSettings;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What to compute.
 *
 * @param model the model
 * @param examples arrays named after the model's inputs, and the labels
 * @param labels name of the array with the labels; needed by all but the exact and the sampled Fisher
 * @param output name of the output that the likelihood is of; the model's only one if absent
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
        Likelihood likelihood,
        FisherKind kind,
        Optional<Pattern> parameters,
        boolean includeConstants,
        boolean tied,
        OptionalInt batchSize,
        RuntimeSettings runtime) {
    /** A request for all parameters on the processor, with labels in the array {@code labels}. */
    public static FisherRequest of(OnnxFile model, Examples examples, Likelihood likelihood, FisherKind kind) {
        return new FisherRequest(
                model,
                examples,
                "labels",
                Optional.empty(),
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
                likelihood,
                kind,
                newParameters,
                includeConstants,
                newTied,
                newBatchSize,
                newRuntime);
    }
}
