package io.squisher.apps.cli.option;

import io.squisher.onnx.training.TrainingResult;
import java.nio.file.Path;
import java.util.List;

/**
 * What a training writes under the name that its model is given.
 *
 * @param model the trained model
 * @param squisher its squared gradients
 * @param history a line for each epoch, comma-separated
 * @param curves a picture of the history
 */
public record TrainedFiles(Path model, Path squisher, Path history, Path curves) {
    /** The files of a model: {@code tuned.onnx} has {@code tuned.squisher.safetensors} and so on beside it. */
    public static TrainedFiles of(Path model) {
        return new TrainedFiles(
                model,
                TrainingResult.beside(model, TrainingResult.SQUISHER_SUFFIX),
                TrainingResult.beside(model, ".history.csv"),
                TrainingResult.beside(model, ".curves.png"));
    }

    /** Those beside the model. */
    public List<Path> beside() {
        return List.of(squisher, history, curves);
    }
}
