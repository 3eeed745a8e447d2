package io.squisher.apps.cli.command.train;

import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.training.OnnxTrainer;
import io.squisher.onnx.training.TrainingFacts;
import io.squisher.onnx.training.TrainingListener;
import java.nio.file.Path;

/** A training that ends where its first step would begin: everything has been looked at by then, and nothing written. */
final class PlannedTraining {
    private PlannedTraining() {}

    /**
     * What a trainer is about to do. It must have no checkpoints: their folder is made before the first step.
     *
     * @param place where the model would go; nothing is written there
     */
    static TrainingFacts of(OnnxTrainer trainer, Path place) {
        try {
            trainer.listener(new Stop()).train(place);
        } catch (Planned planned) {
            return planned.facts;
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

    private static final class Stop implements TrainingListener {
        @Override
        public void started(TrainingFacts facts) {
            throw new Planned(facts);
        }
    }

    /** Leads out of the trainer, which has no way to plan alone. */
    private static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient TrainingFacts facts;

        Planned(TrainingFacts facts) {
            super(null, null, false, false);
            this.facts = facts;
        }
    }
}
