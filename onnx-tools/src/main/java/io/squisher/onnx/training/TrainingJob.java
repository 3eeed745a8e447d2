package io.squisher.onnx.training;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.BoundGraph;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.MeasuredGraph;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.runtime.SharedWeights;
import io.squisher.onnx.training.graph.TrainableFile;
import io.squisher.proto.onnx.ValueInfoProto;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** A training from its settings to the files that it leaves. */
record TrainingJob(
        ModelChoice choice,
        StepChoice steps,
        LoopChoice loop,
        Optional<TrainingCheckpoints.Choice> checkpoints,
        RuntimeSettings runtime,
        TrainingListener listener) {
    /** Examples, tokens and features. */
    private static final int TOKEN_AXES = 3;

    /** Trains on sets of examples, scores on others, and writes the model to {@code target}. */
    TrainingResult run(List<Examples> sets, List<Examples> scored, Path target) {
        return setUp(sets, scored, (setup, pair) -> run(setup, pair, target));
    }

    /** What a run without checkpoints would be about to do. */
    TrainingFacts plan(List<Examples> sets, List<Examples> scored) {
        return setUp(sets, scored, (setup, pair) -> training(setup, pair, new TrainingProgress())
                .facts());
    }

    private <T> T setUp(List<Examples> sets, List<Examples> scored, BiFunction<TrainingSetup, TrainedPair, T> work) {
        TrainableFile.requireNotQuantized(choice.file());
        OnnxFile apart = TrainableFile.separated(choice.file());
        OnnxFile whole = choice.head().isPresent() ? withHead(apart, sets.get(0)) : apart;
        OnnxFile trainable = TrainableFile.readable(whole);
        Optional<String> output = choice.head().isPresent() ? Optional.empty() : choice.output();
        TrainingQuestion question = new TrainingQuestion(
                trainable,
                output,
                choice.outputsAreLogits() || choice.head().isPresent(),
                choice.likelihood(),
                choice.labels(),
                choice.smoothing(),
                choice.trainMode(),
                runtime);
        List<TrainingData> training = sets.stream()
                .map(set -> TrainingData.of(trainable, set, output))
                .toList();
        List<TrainingData> validation = scored.stream()
                .map(set -> TrainingData.of(trainable, set, output))
                .toList();
        try (TrainingSetup setup = new TrainingSetup(question, steps, training, validation, loop.seed())) {
            tellMode(setup, TrainableFile.hasModes(whole));
            long examples = training.stream().mapToLong(TrainingData::count).sum();
            return work.apply(setup, new TrainedPair(whole, setup.state(), steps, loop, question, examples));
        }
    }

    private OnnxFile withHead(OnnxFile file, Examples examples) {
        BoundGraph bound = BoundGraph.of(TrainableFile.readable(file), examples, placeOfHead(file));
        try (SharedWeights weights = new SharedWeights()) {
            MeasuredGraph measured = MeasuredGraph.of(bound, runtime, weights, false);
            return ClassifierHead.added(
                    file,
                    new ClassifierHead.Place(bound.output(), measured.values().shape(bound.output())),
                    choice.head().orElseThrow(),
                    loop.seed(),
                    runtime.notices());
        }
    }

    /** Pooling is over tokens: of several outputs, the only one that has an axis of them is meant. */
    private Optional<String> placeOfHead(OnnxFile file) {
        List<ValueInfoProto> outputs = file.model().getGraph().getOutputList();
        if (choice.output().isPresent()
                || choice.head().orElseThrow().pooling() == Pooling.NONE
                || outputs.size() == 1) {
            return choice.output();
        }
        List<String> ofTokens = outputs.stream()
                .filter(output -> output.getType().getTensorType().getShape().getDimCount() == TOKEN_AXES)
                .map(ValueInfoProto::getName)
                .toList();
        if (ofTokens.size() != 1) {
            return Optional.empty();
        }
        runtime.notices()
                .accept("the head stands behind the output '" + ofTokens.get(0)
                        + "', the only one with an axis of tokens");
        return Optional.of(ofTokens.get(0));
    }

    private void tellMode(TrainingSetup setup, boolean hasModes) {
        if (choice.trainMode()) {
            runtime.notices().accept(setup.mode().description());
        } else if (hasModes) {
            runtime.notices()
                    .accept(
                            "normalizations keep their running statistics, and dropouts are left out; in training mode they"
                                    + " would not");
        }
    }

    private TrainingResult run(TrainingSetup setup, TrainedPair pair, Path target) {
        TrainingProgress progress = new TrainingProgress();
        try (TrainingCheckpoints open = checkpoints
                .map(wanted -> TrainingCheckpoints.open(wanted, pair))
                .orElse(null)) {
            if (open != null) {
                open.restore(progress);
            }
            Keeper keeper = new Keeper(pair, target, open);
            training(setup, pair, progress).run(keeper);
            if (!keepsBest()) {
                keeper.write(progress);
            }
        }
        return new TrainingResult(
                target,
                TrainingResult.squisherOf(target),
                progress.history(),
                progress.step(),
                keepsBest() ? progress.bestEpoch() : progress.epoch() - 1);
    }

    private TrainingRun training(TrainingSetup setup, TrainedPair pair, TrainingProgress progress) {
        return new TrainingRun(
                setup, pair, progress, new TrainingRun.Telling(listener, choice.likelihood(), runtime.threads()));
    }

    private boolean keepsBest() {
        return loop.patience().isPresent();
    }

    /** Saves while the training goes on; {@code checkpoints} may be null. */
    private final class Keeper implements TrainingRun.Saver {
        private final TrainedPair pair;
        private final Path target;
        private final TrainingCheckpoints checkpoints;

        Keeper(TrainedPair pair, Path target, TrainingCheckpoints checkpoints) {
            this.pair = pair;
            this.target = target;
            this.checkpoints = checkpoints;
        }

        /** Writes the model, over that of an earlier epoch if there is one. */
        void write(TrainingProgress now) {
            Divergence.after(now, last()).requireFinite(pair.state());
            pair.write(target, now.step());
            listener.saved(target);
        }

        @Override
        public void afterStep(TrainingProgress now) {
            if (checkpoints != null) {
                checkpoints.afterStep(now, listener);
            }
        }

        @Override
        public void afterEpoch(TrainingProgress now, EpochReport report) {
            if (keepsBest() && report.best()) {
                write(now);
            }
            if (checkpoints != null) {
                checkpoints.afterEpoch(now, report, listener);
            }
        }

        @Override
        public Optional<Path> last() {
            return checkpoints == null ? Optional.empty() : checkpoints.latest();
        }
    }
}
