package io.squisher.onnx.training;

import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.training.EpochOrder.Batch;
import io.squisher.onnx.training.StepSession.RowRange;
import io.squisher.onnx.training.optimizer.Optimizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The loop: epochs of steps, each of one or more runs of a graph and one update. */
final class TrainingRun {
    private static final int SCORING_BATCH = 64;

    private final TrainingSetup setup;
    private final StepChoice steps;
    private final LoopChoice loop;
    private final TrainingListener listener;
    private final Likelihood likelihood;
    private final ParameterUpdate update;
    private final TrainingProgress progress;
    private final long stepsOfEpoch;
    private Optional<GradientSums> sums = Optional.empty();

    /** Is told of every place where the state may be saved. */
    interface Saver {
        /** A step is done, and more of the epoch follow. */
        void afterStep(TrainingProgress progress);

        /** An epoch is done, and scored. */
        void afterEpoch(TrainingProgress progress, EpochReport report);

        /** The model of the newest checkpoint. */
        Optional<Path> last();
    }

    TrainingRun(TrainingSetup setup, TrainedPair pair, TrainingProgress progress, Telling telling) {
        this.setup = setup;
        this.steps = pair.steps();
        this.loop = pair.loop();
        this.progress = progress;
        this.listener = telling.listener();
        this.likelihood = telling.likelihood();
        this.stepsOfEpoch = EpochOrder.steps(setup.training(), loop);
        this.update = new ParameterUpdate(
                new ParameterUpdate.Rules(steps.optimizer(), steps.clip(), steps.decay(), steps.ownDecay()),
                setup.held(),
                telling.threads());
    }

    /** Who is told, and in what words; and on how many threads the update runs, 0 for all. */
    record Telling(TrainingListener listener, Likelihood likelihood, int threads) {}

    /** Trains from where the progress is to the end, or until it gets no better. */
    void run(Saver saver) {
        listener.started(facts());
        while (progress.epoch() <= loop.epochs() && !isOver()) {
            epoch(saver);
        }
    }

    /** What {@link #run} is about to do. */
    TrainingFacts facts() {
        long elements = setup.state().parameters().values().stream()
                .mapToLong(TrainedParameter::size)
                .sum();
        return new TrainingFacts(
                setup.state().parameters().size(),
                elements,
                setup.frozen(),
                setup.training().stream().mapToLong(TrainingData::count).sum(),
                totalSteps(),
                progress.step(),
                likelihood instanceof Likelihood.Gaussian ? "rmse" : "accuracy");
    }

    private long totalSteps() {
        return stepsOfEpoch * loop.epochs();
    }

    /** Whether enough epochs in a row had no better validation loss. */
    private boolean isOver() {
        return loop.patience().isPresent()
                && progress.bestEpoch() > 0
                && progress.epoch() - 1 - progress.bestEpoch()
                        >= loop.patience().getAsInt();
    }

    private void epoch(Saver saver) {
        long start = System.nanoTime();
        List<List<Batch>> all =
                EpochOrder.of(setup.training(), loop, progress.epoch()).steps();
        while (progress.stepOfEpoch() < all.size()) {
            step(all.get(progress.stepOfEpoch()), saver);
            if (progress.stepOfEpoch() < all.size()) {
                saver.afterStep(progress);
            }
        }
        TrainingProgress.Sums sum = progress.sums();
        EpochReport.Score training =
                new EpochReport.Score(sum.loss() / sum.examples(), metric(sum.hits(), sum.labels()));
        Optional<EpochReport.Score> validation = setup.validation().isEmpty() ? Optional.empty() : Optional.of(score());
        validation.ifPresent(
                score -> Divergence.after(progress, saver.last()).requireFinite("validation loss", score.loss()));
        boolean best =
                validation.map(score -> score.loss() < progress.bestLoss()).orElse(true);
        EpochReport report = new EpochReport(
                progress.epoch(), progress.step(), training, validation, best, (System.nanoTime() - start) * 1e-9);
        progress.epochEnded(report);
        listener.epochEnded(report);
        saver.afterEpoch(progress, report);
    }

    private void step(List<Batch> batches, Saver saver) {
        List<Batch> runs = runs(batches);
        long examples = runs.stream().mapToLong(run -> run.rows().count()).sum();
        setup.state().parameters().values().stream()
                .filter(TrainedParameter::isTable)
                .forEach(parameter -> parameter.rows().clear());
        double loss = 0;
        double hits = 0;
        long labels = 0;
        for (int i = 0; i < runs.size(); i++) {
            Batch run = runs.get(i);
            TrainingData data = setup.training().get(run.data());
            StepSession.Outcome outcome = setup.trainer(data)
                    .run(data, setup.labels(data), run.rows(), 1.0 / examples, progress.step() * runs.size() + i);
            loss += outcome.loss();
            hits += outcome.hits();
            labels += outcome.labels();
            if (runs.size() > 1) {
                sums().add(i == 0, i == runs.size() - 1);
            }
        }
        Divergence divergence = Divergence.during(progress, saver.last());
        divergence.requireFinite("loss", loss);
        long number = progress.step() + 1;
        double rate = steps.optimizer().learningRate() * steps.schedule().factor(number, totalSteps());
        ParameterUpdate.Outcome outcome = update.apply(new Optimizer.StepFacts(number, rate));
        divergence.requireFinite("gradient's norm", outcome.norm());
        setup.state().advanceStatistics();
        progress.stepped(new TrainingProgress.Sums(loss * examples, hits, labels, examples));
        listener.stepped(new StepReport(
                progress.epoch(),
                progress.step(),
                loss,
                metric(hits, labels),
                outcome.penalty(),
                outcome.norm(),
                rate,
                progress.examples()));
    }

    private GradientSums sums() {
        if (sums.isEmpty()) {
            sums = Optional.of(new GradientSums(setup.state()));
        }
        return sums.get();
    }

    /** The batches as the graphs take them: one example at a time where they take no more. */
    private List<Batch> runs(List<Batch> batches) {
        List<Batch> runs = new ArrayList<>();
        for (Batch batch : batches) {
            if (setup.isSingle(setup.training().get(batch.data()))) {
                for (int i = 0; i < batch.rows().count(); i++) {
                    runs.add(new Batch(batch.data(), new RowRange(batch.rows().from() + i, 1)));
                }
            } else {
                runs.add(batch);
            }
        }
        return runs;
    }

    private double metric(double hits, long labels) {
        double mean = hits / Math.max(1, labels);
        return likelihood instanceof Likelihood.Gaussian ? Math.sqrt(mean) : mean;
    }

    /** Loss and metric of the validation data at the present weights. */
    EpochReport.Score score() {
        double loss = 0;
        double hits = 0;
        long labels = 0;
        long examples = 0;
        for (TrainingData data : setup.validation()) {
            int batch = setup.isSingle(data) ? 1 : SCORING_BATCH;
            for (int from = 0; from < data.count(); from += batch) {
                RowRange rows = new RowRange(from, Math.min(batch, data.count() - from));
                StepSession.Outcome outcome = setup.scorer(data).run(data, setup.labels(data), rows, 1, 0);
                loss += outcome.loss();
                hits += outcome.hits();
                labels += outcome.labels();
            }
            examples += data.count();
        }
        return new EpochReport.Score(loss / examples, metric(hits, labels));
    }
}
