package io.squisher.onnx.training;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import java.util.Optional;

/**
 * What is trained.
 *
 * @param file the model as its file has it
 * @param output the value that the likelihood is of, or that the head is added to
 * @param labels name of the array with the labels
 * @param smoothing of labels
 * @param trainMode whether normalizations and dropouts are in training mode
 */
record ModelChoice(
        OnnxFile file,
        Optional<HeadChoice> head,
        Optional<String> output,
        boolean outputsAreLogits,
        Likelihood likelihood,
        String labels,
        double smoothing,
        boolean trainMode) {}
