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
    public TrainingResult {
        history = List.copyOf(history);
    }
}
