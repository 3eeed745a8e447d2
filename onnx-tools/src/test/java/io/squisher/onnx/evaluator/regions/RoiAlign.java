package io.squisher.onnx.evaluator.regions;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;

/** The mean of bilinear samples in each cell of a grid over each region: [regions, channels, height, width]. */
final class RoiAlign {
    private final Value x;
    private final int height;
    private final int width;

    private RoiAlign(Value x) {
        this.x = x;
        this.height = x.dim(2);
        this.width = x.dim(3);
    }

    static Value evaluate(OperatorCall call) {
        if (call.text("mode", "avg").equals("max")) {
            throw call.unsupported("mode max, whose meaning the text leaves open");
        }
        RoiAlign align = new RoiAlign(call.input(0));
        Value rois = call.input(1);
        int rows = call.integer("output_height", 1);
        int columns = call.integer("output_width", 1);
        int channels = align.x.dim(1);
        double[] y = new double[rois.dim(0) * channels * rows * columns];
        for (int i = 0; i < y.length; i++) {
            int roi = i / columns / rows / channels;
            int plane = (int) call.input(2).longAt(roi) * channels + i / columns / rows % channels;
            Cells vertical = Cells.of(call, rois.doubleAt(roi * 4 + 1), rois.doubleAt(roi * 4 + 3), rows);
            Cells horizontal = Cells.of(call, rois.doubleAt(roi * 4), rois.doubleAt(roi * 4 + 2), columns);
            y[i] = align.mean(plane, vertical, i / columns % rows, horizontal, i % columns);
        }
        return Value.of(align.x.type(), new int[] {rois.dim(0), channels, rows, columns}, y);
    }

    /** A region cut into cells along one axis, each with a number of sample points. */
    private record Cells(double start, double size, int samples) {
        /** {@code half_pixel} (since opset 16) moves by half a pixel; before, regions were at least one pixel long. */
        static Cells of(OperatorCall call, double from, double to, int cells) {
            boolean halfPixel = call.opset() >= 16
                    && call.text("coordinate_transformation_mode", "half_pixel").equals("half_pixel");
            double scale = call.real("spatial_scale", 1);
            double start = from * scale - (halfPixel ? 0.5 : 0);
            double length = to * scale - (halfPixel ? 0.5 : 0) - start;
            double size = (halfPixel ? length : Math.max(1, length)) / cells;
            int ratio = call.integer("sampling_ratio", 0);
            return new Cells(start, size, ratio > 0 ? ratio : (int) Math.ceil(size));
        }

        double point(int cell, int sample) {
            return start + size * (cell + (sample + 0.5) / samples);
        }
    }

    private double mean(int plane, Cells vertical, int row, Cells horizontal, int column) {
        double sum = 0;
        for (int i = 0; i < vertical.samples(); i++) {
            for (int j = 0; j < horizontal.samples(); j++) {
                sum += sample(plane, vertical.point(row, i), horizontal.point(column, j));
            }
        }
        return sum / Math.max(1, vertical.samples() * horizontal.samples());
    }

    /** 0 more than a pixel outside, otherwise the nearest edge counts. */
    private double sample(int plane, double y, double x) {
        if (y < -1 || y > height || x < -1 || x > width) {
            return 0;
        }
        double top = Math.min(height - 1, Math.max(0, y));
        double left = Math.min(width - 1, Math.max(0, x));
        int row = (int) top;
        int column = (int) left;
        double down = top - row;
        double right = left - column;
        return (1 - down) * ((1 - right) * pixel(plane, row, column) + right * pixel(plane, row, column + 1))
                + down * ((1 - right) * pixel(plane, row + 1, column) + right * pixel(plane, row + 1, column + 1));
    }

    private double pixel(int plane, int row, int column) {
        return x.doubleAt((plane * height + Math.min(height - 1, row)) * width + Math.min(width - 1, column));
    }
}
