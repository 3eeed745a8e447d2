package io.squisher.tf.export.rules.image;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tf.export.emit.Attributes;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.List;
import java.util.Map;

/**
 * Pooling over windows whose bounds are drawn at random (B. Graham, "Fractional max-pooling", 2014). Where TensorFlow draws
 * the same in every run, the bounds are asked of it at the export. Rows and columns are pooled one after the other.
 */
public final class FractionalPoolingRules {
    private static final int ROWS = 1;
    private static final int COLUMNS = 2;

    private FractionalPoolingRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of(
                "FractionalMaxPool",
                FractionalPoolingRules::maximum,
                "FractionalAvgPool",
                FractionalPoolingRules::mean);
    }

    /**
     * The windows along an axis: window i covers the elements from {@code first[i]} to {@code last[i]}, both included.
     *
     * @param size the number of elements
     */
    private record Windows(int size, int[] first, int[] last) {
        int count() {
            return first.length;
        }

        int longest() {
            int longest = 0;
            for (int i = 0; i < count(); i++) {
                longest = Math.max(longest, last[i] - first[i] + 1);
            }
            return longest;
        }
    }

    private static void maximum(TensorFlowNode node) {
        List<Tensor> bounds = bounds(node);
        String rows = maximum(node, node.x(0), ROWS, windows(node, bounds, ROWS));
        node.passes(0, maximum(node, rows, COLUMNS, windows(node, bounds, COLUMNS)));
    }

    /** The j-th elements of all windows for each j, and the larger of them; shorter windows repeat their last. */
    private static String maximum(TensorFlowNode node, String x, int axis, Windows windows) {
        String maximum = null;
        for (int j = 0; j < windows.longest(); j++) {
            long[] index = new long[windows.count()];
            for (int i = 0; i < index.length; i++) {
                index[i] = Math.min(windows.first[i] + j, windows.last[i]);
            }
            String elements = node.gather(x, axis, index);
            maximum = maximum == null ? elements : node.emit("Max", maximum, elements);
        }
        return maximum;
    }

    /** Channels first, then a matrix of means from the left for the rows and one from the right for the columns. */
    private static void mean(TensorFlowNode node) {
        if (node.type(0) != ElementType.F32) {
            throw node.unsupported("it is computed in " + node.type(0));
        }
        List<Tensor> bounds = bounds(node);
        Windows rows = windows(node, bounds, ROWS);
        Windows columns = windows(node, bounds, COLUMNS);
        String image = node.emit("Transpose", List.of(node.x(0)), Attributes.integers("perm", 0, 3, 1, 2));
        float[] left = new float[rows.count() * rows.size];
        float[] right = new float[columns.size * columns.count()];
        fill(left, rows, rows.size, 1);
        fill(right, columns, 1, columns.count());
        String byRows = node.emit("MatMul", matrix(node, rows.count(), rows.size, left), image);
        String pooled = node.emit("MatMul", byRows, matrix(node, columns.size, columns.count(), right));
        node.result("Transpose", List.of(pooled), Attributes.integers("perm", 0, 2, 3, 1));
    }

    /** For window i and element k: 1/length at i·{@code perWindow} + k·{@code perElement}. */
    private static void fill(float[] matrix, Windows windows, int perWindow, int perElement) {
        for (int i = 0; i < windows.count(); i++) {
            float share = 1f / (windows.last[i] - windows.first[i] + 1);
            for (int k = windows.first[i]; k <= windows.last[i]; k++) {
                matrix[i * perWindow + k * perElement] = share;
            }
        }
    }

    private static String matrix(TensorFlowNode node, int rows, int columns, float[] values) {
        return node.constant("means", Tensor.of(Shape.of(rows, columns), values));
    }

    /** TensorFlow's outputs 1 and 2, the bounds of rows and columns; they depend on the image's size and the seeds alone. */
    private static List<Tensor> bounds(TensorFlowNode node) {
        org.tensorflow.ndarray.Shape image = node.shape(0);
        if (image.isUnknown() || image.get(ROWS) < 0 || image.get(COLUMNS) < 0) {
            throw node.unsupported("the size of its images is unknown");
        }
        if (!node.flag("deterministic") || node.integer("seed") == 0 && node.integer("seed2") == 0) {
            throw node.unsupported(
                    "its windows are drawn anew in every run; build it with deterministic(true) and a seed that is not 0");
        }
        org.tensorflow.ndarray.Shape one = org.tensorflow.ndarray.Shape.of(
                1, image.get(ROWS), image.get(COLUMNS), Math.max(1, image.get(COLUMNS + 1)));
        List<Tensor> bounds = List.of(node.evaluated(ROWS, one), node.evaluated(COLUMNS, one));
        node.passes(ROWS, node.constant("rows", bounds.get(0)));
        node.passes(COLUMNS, node.constant("columns", bounds.get(1)));
        return bounds;
    }

    /** Windows that overlap share the element at the bound between them. */
    private static Windows windows(TensorFlowNode node, List<Tensor> bounds, int axis) {
        long[] bound = bounds.get(axis - 1).toLongs();
        int size = (int) node.shape(0).get(axis);
        int[] first = new int[bound.length - 1];
        int[] last = new int[bound.length - 1];
        for (int i = 0; i < first.length; i++) {
            first[i] = (int) bound[i];
            last[i] = (int) Math.min(bound[i + 1] - (node.flag("overlapping") ? 0 : 1), size - 1L);
        }
        return new Windows(size, first, last);
    }
}
