package io.squisher.onnx.evaluator.regions;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;

/** The largest element in each cell of a grid over each region [batch index, x1, y1, x2, y2], ends included. */
final class MaxRoiPool {
    private MaxRoiPool() {}

    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        Value rois = call.input(1);
        int[] pooled = call.ints("pooled_shape");
        double scale = call.real("spatial_scale", 1);
        int channels = x.dim(1);
        double[] y = new double[rois.dim(0) * channels * pooled[0] * pooled[1]];
        for (int i = 0; i < y.length; i++) {
            int roi = i / pooled[1] / pooled[0] / channels;
            int plane = (int) rois.doubleAt(roi * 5) * channels + i / pooled[1] / pooled[0] % channels;
            int[] columns = span(rois, roi * 5 + 1, scale, pooled[1], i % pooled[1]);
            int[] rows = span(rois, roi * 5 + 2, scale, pooled[0], i / pooled[1] % pooled[0]);
            y[i] = largest(x, plane, rows, columns);
        }
        return Value.of(x.type(), new int[] {rois.dim(0), channels, pooled[0], pooled[1]}, y);
    }

    /** First position and the one behind the last, of one cell along the axis whose ends stand at {@code at}, + 2. */
    private static int[] span(Value rois, int at, double scale, int cells, int cell) {
        long start = Math.round(rois.doubleAt(at) * scale);
        long length = Math.max(1, Math.round(rois.doubleAt(at + 2) * scale) - start + 1);
        double size = (double) length / cells;
        return new int[] {(int) (start + Math.floor(cell * size)), (int) (start + Math.ceil((cell + 1) * size))};
    }

    private static double largest(Value x, int plane, int[] rows, int[] columns) {
        double best = Double.NEGATIVE_INFINITY;
        for (int row = Math.max(0, rows[0]); row < Math.min(x.dim(2), rows[1]); row++) {
            for (int column = Math.max(0, columns[0]); column < Math.min(x.dim(3), columns[1]); column++) {
                best = Math.max(best, x.doubleAt((plane * x.dim(2) + row) * x.dim(3) + column));
            }
        }
        return best == Double.NEGATIVE_INFINITY ? 0 : best;
    }
}
