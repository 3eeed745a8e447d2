package io.squisher.onnx.training;

import java.nio.file.Path;
import java.util.List;

/**
 * What a training made.
 *
 * @param model the trained model
 * @param squisher the squared gradients of its training, beside it
 * @param history every epoch, those before a resumed run included
 * @param steps done
 * @param epoch whose weights the model has: the best where the training stops early, else the last
 */
public record TrainingResult(Path model, Path squisher, List<EpochReport> history, long steps, int epoch) {
    /** What the name of a model without its ending is extended by for its squared gradients. */
    public static final String SQUISHER_SUFFIX = ".squisher.safetensors";

    private static final String MODEL_ENDING = ".onnx";

    public TrainingResult {
        history = List.copyOf(history);
    }

    /** Where the squared gradients of a model go: {@code tuned.squisher.safetensors} for {@code tuned.onnx}. */
    static Path squisherOf(Path model) {
        return beside(model, SQUISHER_SUFFIX);
    }

    /**
     * A file that belongs to a trained model.
     *
     * @param suffix what its name has in the place of the model's ending, with its dot
     */
    public static Path beside(Path model, String suffix) {
        String name = model.getFileName().toString();
        String stem = name.endsWith(MODEL_ENDING) ? name.substring(0, name.length() - MODEL_ENDING.length()) : name;
        return model.resolveSibling(stem + suffix);
    }
}
