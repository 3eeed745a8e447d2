package io.squisher.onnx.training;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.fisher.logits.LogitOutput;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.shape.GraphValues;
import java.util.Optional;

/**
 * What is trained to tell what.
 *
 * @param file the model, with its head and with its dropouts marked
 * @param output the value that the likelihood takes; the model's only output if absent
 * @param labels name of the array with the labels
 * @param smoothing of labels, from 0 to below 1
 * @param trainMode whether normalizations and dropouts are in training mode
 */
record TrainingQuestion(
        OnnxFile file,
        Optional<String> output,
        boolean outputsAreLogits,
        Likelihood likelihood,
        String labels,
        double smoothing,
        boolean trainMode,
        RuntimeSettings runtime) {
    /** The value that the likelihood takes. */
    LogitOutput logitsOf(GraphValues values, String name) {
        return outputsAreLogits
                ? LogitOutput.asIs(values, name)
                : LogitOutput.of(values, name, likelihood, runtime.notices());
    }
}
