package io.squisher.onnx.training;

import java.nio.file.Path;

/** Is told how a training goes. It is called on the training's thread, between steps. */
public interface TrainingListener {
    /** Does nothing. */
    TrainingListener SILENT = new TrainingListener() {};

    /** The training begins, or goes on. */
    default void started(TrainingFacts facts) {}

    /** A step is done. */
    default void stepped(StepReport report) {}

    /** An epoch is done, and scored where there is validation data. */
    default void epochEnded(EpochReport report) {}

    /** A checkpoint, or the trained model, has been written. */
    default void saved(Path model) {}
}
