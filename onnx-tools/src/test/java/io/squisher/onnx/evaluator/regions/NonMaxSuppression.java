package io.squisher.onnx.evaluator.regions;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * For each example and class boxes in the order of their scores, but none that overlaps a chosen one too much:
 * [chosen, (example, class, box)].
 */
final class NonMaxSuppression {
    private final Value boxes;
    private final boolean centred;

    private NonMaxSuppression(OperatorCall call) {
        this.boxes = call.input(0);
        this.centred = call.integer("center_point_box", 0) == 1;
    }

    static Value evaluate(OperatorCall call) {
        NonMaxSuppression suppression = new NonMaxSuppression(call);
        Value scores = call.input(1);
        long limit = call.optional(2).map(count -> count.longAt(0)).orElse(0L);
        double overlap = call.optional(3).map(value -> value.doubleAt(0)).orElse(0.0);
        double floor = call.optional(4).map(value -> value.doubleAt(0)).orElse(Double.NEGATIVE_INFINITY);
        int count = scores.dim(2);
        List<long[]> chosen = new ArrayList<>();
        for (int row = 0; row < scores.dim(0) * scores.dim(1); row++) {
            int start = row * count;
            int example = row / scores.dim(1);
            List<Integer> kept = new ArrayList<>();
            IntStream.range(0, count)
                    .filter(box -> scores.doubleAt(start + box) > floor)
                    .boxed()
                    .sorted(Comparator.comparingDouble(box -> -scores.doubleAt(start + box)))
                    .filter(box -> kept.size() < limit
                            && kept.stream().noneMatch(other -> suppression.shared(example, box, other) > overlap))
                    .forEachOrdered(kept::add);
            for (int box : kept) {
                chosen.add(new long[] {example, row % scores.dim(1), box});
            }
        }
        long[] flat = chosen.stream().flatMapToLong(Arrays::stream).toArray();
        return Value.ints(new int[] {chosen.size(), 3}, flat);
    }

    /** Intersection over union of two boxes of an example. */
    private double shared(int example, int first, int second) {
        double[] a = corners(example, first);
        double[] b = corners(example, second);
        double height = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
        double width = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
        double common = height * width;
        double union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common;
        return union <= 0 ? 0 : common / union;
    }

    /** Low and high corner, from two opposite corners or from centre and size. */
    private double[] corners(int example, int box) {
        int at = (example * boxes.dim(1) + box) * 4;
        double[] corners = new double[4];
        for (int axis = 0; axis < 2; axis++) {
            double p = boxes.doubleAt(at + axis);
            double q = boxes.doubleAt(at + 2 + axis);
            corners[axis] = centred ? p - q / 2 : Math.min(p, q);
            corners[axis + 2] = centred ? p + q / 2 : Math.max(p, q);
        }
        return corners;
    }
}
