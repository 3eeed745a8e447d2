package io.squisher.apps.cli.command.train;

import io.squisher.onnx.training.StepReport;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a training, as few as a picture can show: while there are too many, two neighbours become their mean. A training of a
 * million steps costs no more memory than one of a thousand.
 */
final class StepCurve {
    static final int MOST = 400;

    private final List<Point> points = new ArrayList<>();
    private long stepsOfPoint = 1;

    /**
     * Neighbouring steps.
     *
     * @param first the first of them, from 1 on
     * @param last the last of them
     * @param loss the mean of their losses, in nats; so of the metric, of the gradient's norm and of the learning rate
     */
    record Point(long first, long last, double loss, double metric, double norm, double learningRate) {
        static Point of(StepReport step) {
            return new Point(step.step(), step.step(), step.loss(), step.metric(), step.norm(), step.learningRate());
        }

        long steps() {
            return last - first + 1;
        }

        /** Where a picture shows it. */
        double middle() {
            return (first + last) / 2.0;
        }

        Point with(Point next) {
            return new Point(
                    first,
                    next.last,
                    mean(loss, next, next.loss),
                    mean(metric, next, next.metric),
                    mean(norm, next, next.norm),
                    mean(learningRate, next, next.learningRate));
        }

        private double mean(double mine, Point next, double its) {
            return (mine * steps() + its * next.steps()) / (steps() + next.steps());
        }
    }

    void add(StepReport step) {
        Point point = Point.of(step);
        int last = points.size() - 1;
        if (last >= 0 && points.get(last).steps() < stepsOfPoint) {
            points.set(last, points.get(last).with(point));
            return;
        }
        if (points.size() == MOST) {
            halve();
        }
        points.add(point);
    }

    private void halve() {
        for (int i = 0; i < MOST / 2; i++) {
            points.set(i, points.get(2 * i).with(points.get(2 * i + 1)));
        }
        points.subList(MOST / 2, MOST).clear();
        stepsOfPoint *= 2;
    }

    /** In their order; the last may be of fewer steps than the others. */
    List<Point> points() {
        return List.copyOf(points);
    }

    /** How many steps a point is the mean of. */
    long stepsOfPoint() {
        return stepsOfPoint;
    }
}
