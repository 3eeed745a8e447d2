package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;

/** Operators that read between elements. */
final class SamplingFamily {
    private SamplingFamily() {}

    /**
     * Images [examples, channels, height, width]. ONNX Runtime interpolates the last two axes of four alone, and aligned
     * corners are read differently where a scale gives no whole size, so they get sizes. Left out is what
     * float32 decides there: floor and ceil, antialiasing by scales or with another cubic coefficient.
     */
    static OneNodeModel resize(Draw d) {
        String mode = d.oneOf("nearest", "linear", "cubic");
        int[] dims = {d.between(1, 2), d.between(1, 2), d.between(3, 6), d.between(3, 6)};
        int[] sizes = {dims[0], dims[1], d.between(2, 9), d.between(2, 9)};
        boolean antialias = !mode.equals("nearest") && d.between(0, 3) == 0;
        OneNodeModel model = op("Resize", antialias ? d.oneOf(18, 19) : d.oneOf(13, 18, 19))
                .input(d.normal(dims))
                .missing();
        String coordinates =
                antialias ? "half_pixel" : d.oneOf("half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners");
        if (coordinates.equals("align_corners") || antialias || d.coin()) {
            model.missing().input(Value.vector(sizes));
        } else {
            // A fraction more than the size asks for: no rounding decides on the size, or between neighbours.
            double[] scales = {1, 1, (float) ((sizes[2] + 0.2371) / dims[2]), (float) ((sizes[3] + 0.2371) / dims[3])};
            model.input(Value.floats(new int[] {sizes.length}, scales));
        }
        model.with("mode", mode).with("coordinate_transformation_mode", coordinates);
        if (antialias) {
            model.with("antialias", 1);
        }
        if (mode.equals("nearest")) {
            model.with("nearest_mode", d.oneOf("round_prefer_floor", "round_prefer_ceil"));
        }
        if (mode.equals("cubic") && !antialias && d.coin()) {
            model.with("cubic_coeff_a", d.oneOf(-0.5, -0.75, -0.6));
        }
        return mode.equals("cubic") && d.coin() ? model.with("exclude_outside", 1) : model;
    }

    static OneNodeModel grid(Draw d) {
        int axes = d.between(2, 3);
        if (d.between(0, 3) == 0) {
            int examples = d.between(1, 2);
            int[] size = Dims.concat(new int[] {examples, d.between(1, 3)}, d.ints(axes, 2, 4));
            return op("AffineGrid", 20)
                    .input(d.normal(examples, axes, axes + 1))
                    .input(Value.vector(size))
                    .with("align_corners", d.between(0, 1));
        }
        int examples = d.between(1, 2);
        int opset = axes == 2 ? d.oneOf(16, 20, 22) : d.oneOf(20, 22);
        String mode = opset == 16
                ? d.oneOf("bilinear", "nearest", "bicubic")
                : axes == 2 ? d.oneOf("linear", "nearest", "cubic") : d.oneOf("linear", "nearest");
        return op("GridSample", opset)
                .input(d.normal(Dims.concat(new int[] {examples, d.between(1, 2)}, d.ints(axes, 2, 4))))
                .input(d.uniform(-1.4, 1.4, Dims.concat(Dims.concat(new int[] {examples}, d.ints(axes, 1, 3)), axes)))
                .with("mode", mode)
                .with("padding_mode", d.oneOf("zeros", "border", "reflection"))
                .with("align_corners", d.between(0, 1));
    }

    /** Regions partly outside the image; ONNX Runtime takes no samples of one without height or width. */
    static OneNodeModel regions(Draw d) {
        int images = d.between(1, 2);
        int regions = d.between(1, 3);
        double[] boxes = new double[regions * 4];
        for (int i = 0; i < boxes.length; i += 4) {
            boxes[i] = d.real(-2, 4);
            boxes[i + 1] = d.real(-2, 4);
            boxes[i + 2] = boxes[i] + d.real(0.3, 6);
            boxes[i + 3] = boxes[i + 1] + d.real(0.3, 6);
        }
        int opset = d.oneOf(10, 16, 22);
        OneNodeModel model = op("RoiAlign", opset)
                .input(d.normal(images, d.between(1, 2), d.between(3, 7), d.between(3, 7)))
                .input(Value.floats(new int[] {regions, 4}, boxes))
                .input(d.integers(0, images - 1, regions))
                .with("output_height", d.between(1, 3))
                .with("output_width", d.between(1, 3))
                .with("sampling_ratio", d.between(0, 3))
                .with("spatial_scale", d.real(0.4, 1.5));
        return opset > 10 && d.coin() ? model.with("coordinate_transformation_mode", "output_half_pixel") : model;
    }

    /** Regions partly outside the image, in cells of sizes that float32 has exactly. */
    static OneNodeModel largestOfRegions(Draw d) {
        int images = d.between(1, 2);
        int regions = d.between(1, 3);
        double[] boxes = new double[regions * 5];
        for (int i = 0; i < boxes.length; i += 5) {
            boxes[i] = d.between(0, images - 1);
            boxes[i + 1] = d.between(-2, 5);
            boxes[i + 2] = d.between(-2, 5);
            boxes[i + 3] = boxes[i + 1] + d.between(-1, 6);
            boxes[i + 4] = boxes[i + 2] + d.between(-1, 6);
        }
        return op("MaxRoiPool", d.oneOf(1, 22))
                .input(d.normal(images, d.between(1, 2), d.between(3, 7), d.between(3, 7)))
                .input(Value.floats(new int[] {regions, 5}, boxes))
                .with("pooled_shape", OneNodeModel.ints(d.oneOf(1, 2, 4), d.oneOf(1, 2, 4)))
                .with("spatial_scale", d.oneOf(1.0, 0.8));
    }
}
