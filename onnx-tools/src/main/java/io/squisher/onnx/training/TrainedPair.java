package io.squisher.onnx.training;

import io.squisher.Version;
import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxWriter;
import io.squisher.format.onnx.PreparedModel;
import io.squisher.onnx.training.optimizer.Schedule;
import io.squisher.onnx.training.penalty.Penalty;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.proto.Source;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a model with its squared gradients beside it.
 *
 * @param file the model as it was before training, with its head
 * @param examples of the training set
 */
record TrainedPair(
        OnnxFile file, ModelState state, StepChoice steps, LoopChoice loop, TrainingQuestion question, long examples) {
    /**
     * Model and squared gradients under temporary names.
     *
     * @param model with its data, if that stands beside it
     */
    record Prepared(PreparedModel model, AtomicFile squisher) implements AutoCloseable {
        @Override
        public void close() {
            model.close();
            squisher.close();
        }
    }

    /** Writes both under temporary names. */
    Prepared prepare(Path model, long step, Map<String, String> metadata) {
        try (Opening opening = new Opening()) {
            PreparedModel prepared = opening.add(OnnxWriter.prepare(model, file, state.values(), Map.of()));
            AtomicFile squisher =
                    opening.add(FisherFile.prepare(TrainingResult.squisherOf(model), squisher(step), metadata));
            return opening.keep(new Prepared(prepared, squisher));
        }
    }

    /**
     * Writes both, over an older pair if there is one. Its squared gradients go before its model does, and the new ones come last:
     * whenever this ends, squared gradients belong to the model that is there.
     */
    void write(Path model, long step) {
        try (Prepared pair = prepare(model, step, Map.of())) {
            List<AtomicFile> files = new ArrayList<>(pair.model().files());
            files.add(pair.squisher());
            AtomicFile.commit(files, () -> delete(TrainingResult.squisherOf(model)));
            pair.model().committed();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        }
    }

    /** What must be the same for a training to go on to the same numbers, in words. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("the optimizer", steps.optimizer().description());
        boolean constant = steps.schedule() instanceof Schedule.Constant;
        // Of other schedules the rate depends on how many steps there will be.
        settings.put("the schedule", constant ? "constant" : steps.schedule() + " over " + loop.epochs() + " epochs");
        settings.put("the limit of the gradient's norm", steps.clip().toString());
        settings.put("the weight decay", steps.decay() + " except " + steps.undecayed());
        settings.put("the frozen parameters", steps.frozen().toString());
        settings.put(
                "the penalties",
                steps.penalties().stream().map(Penalty::lambda).toList().toString());
        settings.put("the masks", steps.masks().keySet().toString());
        settings.put("the seed", Long.toString(loop.seed()));
        settings.put("batches of", loop.batchSize() + " examples, " + loop.accumulate() + " a step");
        settings.put("the likelihood", question.likelihood() + " with smoothing " + question.smoothing());
        settings.put("the mode", question.trainMode() ? "training" : "inference");
        settings.put("the number of examples", Long.toString(examples));
        return settings;
    }

    private FisherDiagonal squisher(long step) {
        String slot = steps.optimizer().squares().orElse("");
        Map<String, Tensor> squares =
                state.squares(parameter -> parameter.ownSquares().orElseGet(() -> parameter.slot(slot)));
        return new FisherDiagonal(squares, provenance(step));
    }

    private Provenance provenance(long step) {
        boolean own = steps.keepsOwnSquares();
        Accumulator.Builder accumulator = Accumulator.newBuilder()
                .setOptimizer(own ? "own" : steps.optimizer().name())
                .setSlot(own ? "squared_gradient" : steps.optimizer().squares().orElseThrow())
                .setDecay(steps.ownDecay())
                .setStep(step)
                .setStepSource("counter")
                .setBatchSize(Math.min(loop.effectiveBatch(), examples))
                .setDatasetSize(examples)
                .setLossReduction(Provenance.Reduction.MEAN)
                .setBiasCorrected(false)
                .setPenaltyActive(false)
                .setInitialValue(0);
        String hash = ContentHash.of(state.parameters().keySet(), name -> {
            TrainedParameter parameter = state.parameters().get(name);
            return parameter.tensor(parameter.weights());
        });
        return Provenance.newBuilder()
                .setKind(Provenance.Kind.ACCUMULATOR)
                .setReduction(Provenance.Reduction.MEAN)
                .setLikelihood(question.likelihood().name())
                .setSeed(loop.seed())
                .setAccumulator(accumulator)
                .setWeightsHash(hash)
                .setToolVersion(Version.text())
                .setCreated(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .addSources(
                        Source.newBuilder().setFile(file.path().getFileName().toString()))
                .addAllNotes(notes(own))
                .build();
    }

    /** What the gradients had in them beside those of the data's plain loss. */
    private List<String> notes(boolean own) {
        List<String> notes = new ArrayList<>();
        notes.add("trained with " + steps.optimizer().description());
        if (own) {
            notes.add("an average of the data loss's squared gradients, kept beside the optimizer's: without penalties,"
                    + " weight decay and clipping");
        } else if (steps.clip().isPresent()) {
            notes.add("the gradients were clipped to the norm " + steps.clip().getAsDouble()
                    + " before they were squared");
        }
        if (question.smoothing() > 0) {
            notes.add("the labels were smoothed by " + question.smoothing());
        }
        if (question.trainMode()) {
            notes.add("normalizations and dropouts were in training mode");
        }
        if (!steps.masks().isEmpty()) {
            notes.add("entries outside the mask have no gradient, and are 0");
        }
        return notes;
    }
}
