package io.squisher.spark;

import io.squisher.NamePattern;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.runtime.RuntimeSettings;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is asked of each task: small, and sent with it.
 *
 * @param feed by input of the model, the column that it is fed from
 * @param labels the column with the labels
 * @param ids the column with the numbers of examples; empty where they are made of the rows
 * @param output empty for the model's only one
 * @param shapes by input, or the labels' column, the shape of one example where it is not found
 * @param axes by input or output, the axis that counts examples, where it was said
 * @param parameters a search in their names; empty for all
 * @param batchSize 0 to find one
 */
record FisherSpec(
        LinkedHashMap<String, String> feed,
        String labels,
        String ids,
        String output,
        boolean outputsAreLogits,
        Likelihood likelihood,
        FisherKind kind,
        LinkedHashMap<String, long[]> shapes,
        LinkedHashMap<String, Integer> axes,
        String parameters,
        boolean includeConstants,
        boolean tied,
        int batchSize)
        implements Serializable {
    /** The array of labels among the examples; no input of a model is called so. */
    static final String LABELS = "squisher.labels";

    /** The array with the numbers of examples. */
    static final String IDS = "squisher.ids";

    /** Whether examples need numbers: labels are drawn for them. */
    boolean draws() {
        return kind instanceof FisherKind.Sampled;
    }

    FisherRequest request(OnnxFile model, Examples examples, RuntimeSettings runtime) {
        return new FisherRequest(
                model,
                examples,
                LABELS,
                output.isEmpty() ? Optional.empty() : Optional.of(output),
                outputsAreLogits,
                likelihood,
                kind,
                parameters.isEmpty() ? Optional.empty() : Optional.of(NamePattern.of(parameters)),
                includeConstants,
                tied,
                batchSize == 0 ? OptionalInt.empty() : OptionalInt.of(batchSize),
                runtime);
    }
}
