package io.squisher.apps.cli.command.train;

import io.squisher.SquisherException;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.training.OnnxTrainer;
import io.squisher.onnx.training.TrainingFacts;
import io.squisher.onnx.training.TrainingListener;
import java.nio.file.Path;
import java.util.Optional;

/** A training that ends where its first step would begin: everything has been looked at by then, and nothing written. */
final class PlannedTraining {
    private PlannedTraining() {}

    /**
     * What a trainer is about to do. It must have no checkpoints: their folder is made before the first step.
     *
     * @param place where the model would go; nothing is written there
     */
    static TrainingFacts of(OnnxTrainer trainer, Path place) {
        Stop stop = new Stop();
        try {
            trainer.listener(stop).train(place);
        } catch (SquisherException e) {
            return stop.facts.orElseThrow(() -> e);
        }
        throw new IllegalStateException("a training did not tell of its start");
    }

    /** The facts as fields of a report. */
    static JsonObject json(TrainingFacts facts) {
        JsonObject object = new JsonObject();
        object.addProperty("parameters", facts.parameters());
        object.addProperty("elements", facts.elements());
        object.addProperty("frozen", facts.frozen());
        object.addProperty("examples", facts.examples());
        object.addProperty("steps", facts.steps());
        return object;
    }

    /** Leads out of the trainer, which has no way to plan alone. */
    private static final class Stop implements TrainingListener {
        private Optional<TrainingFacts> facts = Optional.empty();

        @Override
        public void started(TrainingFacts begun) {
            facts = Optional.of(begun);
            throw new SquisherException("the training was only planned");
        }
    }
}
