package io.squisher.apps.cli.command.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.onnx.training.StepReport;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepCurveTest {
    /** Step {@code n} of a training whose loss is {@code n}, so that the mean of a stretch is its middle. */
    private static StepReport step(long n) {
        return new StepReport(1, n, n, 2.0 * n, 0, 3.0 * n, 4.0 * n, n);
    }

    private static StepCurve curve(long from, long steps) {
        StepCurve curve = new StepCurve();
        for (long n = from; n < from + steps; n++) {
            curve.add(step(n));
        }
        return curve;
    }

    @Test
    void fewStepsAreKeptAsTheyAre() {
        List<StepCurve.Point> points = curve(7, 3).points();
        assertEquals(
                List.of(
                        new StepCurve.Point(7, 7, 7, 14, 21, 28),
                        new StepCurve.Point(8, 8, 8, 16, 24, 32),
                        new StepCurve.Point(9, 9, 9, 18, 27, 36)),
                points);
    }

    @ParameterizedTest
    @ValueSource(longs = {400, 401, 799, 800, 801, 1000, 12_345, 100_000})
    void manyStepsAreMeansOfNeighboursWithoutAGap(long steps) {
        StepCurve curve = curve(1, steps);
        List<StepCurve.Point> points = curve.points();
        assertTrue(points.size() <= StepCurve.MOST && points.size() >= Math.min(steps, StepCurve.MOST / 2));
        long next = 1;
        for (StepCurve.Point point : points) {
            assertEquals(next, point.first());
            assertTrue(point.steps() == curve.stepsOfPoint() || point.last() == steps, point.toString());
            assertEquals(point.middle(), point.loss(), 1e-9 * steps);
            assertEquals(4 * point.middle(), point.learningRate(), 1e-9 * steps);
            next = point.last() + 1;
        }
        assertEquals(steps + 1, next);
    }
}
