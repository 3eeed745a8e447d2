package io.squisher.apps.cli.option;

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
    private static final String MODEL_ENDING = ".onnx";

    /** The files of a model: {@code tuned.onnx} has {@code tuned.squisher.safetensors} and so on beside it. */
    public static TrainedFiles of(Path model) {
        String name = model.getFileName().toString();
        String stem = name.endsWith(MODEL_ENDING) ? name.substring(0, name.length() - MODEL_ENDING.length()) : name;
        return new TrainedFiles(
                model,
                model.resolveSibling(stem + ".squisher.safetensors"),
                model.resolveSibling(stem + ".history.csv"),
                model.resolveSibling(stem + ".curves.png"));
    }

    /** Those beside the model. */
    public List<Path> beside() {
        return List.of(squisher, history, curves);
    }
}
