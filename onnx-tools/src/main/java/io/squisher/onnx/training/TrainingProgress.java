package io.squisher.onnx.training;

import java.util.ArrayList;
import java.util.List;

/** Where a training is: what a resumed one goes on from. */
final class TrainingProgress {
    /** The epoch that is being done, from 1 on. */
    private int epoch = 1;

    private int stepOfEpoch;
    private long step;
    private double loss;
    private double hits;
    private long labels;
    private long examples;
    private double bestLoss = Double.POSITIVE_INFINITY;
    private int bestEpoch;
    private final List<EpochReport> history = new ArrayList<>();

    int epoch() {
        return epoch;
    }

    int stepOfEpoch() {
        return stepOfEpoch;
    }

    long step() {
        return step;
    }

    long examples() {
        return examples;
    }

    double bestLoss() {
        return bestLoss;
    }

    int bestEpoch() {
        return bestEpoch;
    }

    List<EpochReport> history() {
        return history;
    }

    /** Sums over the epoch so far: the examples' losses, hits, labels, examples. */
    record Sums(double loss, double hits, long labels, long examples) {}

    Sums sums() {
        return new Sums(loss, hits, labels, examples);
    }

    /** A step is done. */
    void stepped(Sums ofStep) {
        step++;
        stepOfEpoch++;
        loss += ofStep.loss();
        hits += ofStep.hits();
        labels += ofStep.labels();
        examples += ofStep.examples();
    }

    /** An epoch is done. */
    void epochEnded(EpochReport report) {
        history.add(report);
        if (report.best()) {
            bestEpoch = report.epoch();
            bestLoss = report.validation().map(EpochReport.Score::loss).orElse(bestLoss);
        }
        epoch++;
        stepOfEpoch = 0;
        loss = 0;
        hits = 0;
        labels = 0;
        examples = 0;
    }

    /** Goes on from a place inside an epoch, or at the start of one. */
    void restore(int newEpoch, int newStepOfEpoch, long newStep, Sums sums) {
        epoch = newEpoch;
        stepOfEpoch = newStepOfEpoch;
        step = newStep;
        loss = sums.loss();
        hits = sums.hits();
        labels = sums.labels();
        examples = sums.examples();
    }

    /** Takes over the epochs that were done before. */
    void restore(List<EpochReport> earlier) {
        history.clear();
        history.addAll(earlier);
        for (EpochReport report : earlier) {
            if (report.best()) {
                bestEpoch = report.epoch();
                bestLoss = report.validation().map(EpochReport.Score::loss).orElse(bestLoss);
            }
        }
    }
}
