package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import java.util.stream.IntStream;

/** Convolutions of one to three axes. */
final class ConvolutionFamily {
    private ConvolutionFamily() {}

    /** Kernel, strides, dilations of some axes. */
    private record Window(int[] kernel, int[] strides, int[] dilations) {
        static Window draw(Draw d, int axes) {
            return new Window(
                    d.ints(axes, 1, 3),
                    d.coin() ? d.ints(axes, 1, 3) : d.ints(axes, 1, 1),
                    d.coin() ? d.ints(axes, 1, 2) : d.ints(axes, 1, 1));
        }

        int extent(int axis) {
            return (kernel[axis] - 1) * dilations[axis] + 1;
        }
    }

    static OneNodeModel conv(Draw d) {
        int axes = d.between(1, 3);
        Window window = Window.draw(d, axes);
        int groups = d.between(1, 2);
        int channels = groups * d.between(1, 2);
        int features = groups * d.between(1, 2);
        int[] image = IntStream.range(0, axes)
                .map(i -> window.extent(i) + d.between(0, 4))
                .toArray();
        OneNodeModel model = op("Conv", d.oneOf(11, 22))
                .input(d.normal(Dims.concat(new int[] {d.between(1, 2), channels}, image)))
                .input(d.normal(Dims.concat(new int[] {features, channels / groups}, window.kernel)))
                .with("group", groups)
                .with("strides", window.strides)
                .with("dilations", window.dilations);
        if (d.coin()) {
            model.input(d.normal(features));
        }
        switch (d.between(0, 3)) {
            case 0 -> model.with("pads", d.ints(2 * axes, 0, 2));
            case 1 -> model.with("auto_pad", "VALID");
            case 2 -> {
                // ONNX Runtime divides the padding of SAME for undilated kernels alone.
                if (IntStream.of(window.dilations).allMatch(dilation -> dilation == 1)) {
                    model.with("auto_pad", d.oneOf("SAME_UPPER", "SAME_LOWER"));
                }
            }
            default -> {}
        }
        return model;
    }

    /** Strided, with so many features at so few positions that the input's gradient is taken by columns. */
    static OneNodeModel wide(Draw d) {
        int axes = d.between(1, 2);
        Window window = new Window(d.ints(axes, 1, 3), d.ints(axes, 2, 3), d.ints(axes, 1, 2));
        int[] pads = IntStream.range(0, 2 * axes)
                .map(i -> d.between(0, window.extent(i % axes) - 1))
                .toArray();
        int[] image = IntStream.range(0, axes)
                .map(i -> window.extent(i) + d.between(0, 2))
                .toArray();
        int positions = IntStream.range(0, axes)
                .map(i -> (image[i] + pads[i] + pads[axes + i] - window.extent(i)) / window.strides[i] + 1)
                .reduce(1, (a, b) -> a * b);
        int channels = d.between(1, 2);
        return op("Conv", 22)
                .input(d.normal(Dims.concat(new int[] {d.between(1, 2), channels}, image)))
                .input(d.normal(Dims.concat(new int[] {32 * positions, channels}, window.kernel)))
                .with("strides", window.strides)
                .with("dilations", window.dilations)
                .with("pads", pads);
    }

    static OneNodeModel transposed(Draw d) {
        int axes = d.between(1, 3);
        Window window = Window.draw(d, axes);
        int groups = d.between(1, 2);
        int channels = groups * d.between(1, 2);
        int features = d.between(1, 2);
        OneNodeModel model = op("ConvTranspose", d.oneOf(11, 22))
                .input(d.normal(Dims.concat(new int[] {d.between(1, 2), channels}, d.ints(axes, 2, 4))))
                .input(d.normal(Dims.concat(new int[] {channels, features}, window.kernel)))
                .with("group", groups)
                .with("strides", window.strides)
                .with("dilations", window.dilations);
        if (d.coin()) {
            model.input(d.normal(groups * features));
        }
        if (d.coin()) {
            model.with(
                    "output_padding",
                    IntStream.of(window.strides)
                            .map(stride -> d.between(0, stride - 1))
                            .toArray());
        }
        if (d.coin()) {
            int[] pads = new int[2 * axes];
            for (int i = 0; i < axes; i++) {
                pads[i] = d.between(0, (window.extent(i) - 1) / 2);
                pads[axes + i] = d.between(0, (window.extent(i) - 1) / 2);
            }
            model.with("pads", pads);
        }
        return model;
    }

    /** Taps up to a pixel and a half beside their places, partly outside the image. */
    static OneNodeModel deformable(Draw d) {
        int axes = 2;
        Window window = Window.draw(d, axes);
        int[] pads = d.ints(2 * axes, 0, 2);
        int[] image = IntStream.range(0, axes)
                .map(i -> window.extent(i) + d.between(0, 3))
                .toArray();
        int[] output = IntStream.range(0, axes)
                .map(i -> (image[i] + pads[i] + pads[axes + i] - window.extent(i)) / window.strides[i] + 1)
                .toArray();
        int groups = d.between(1, 2);
        int offsetGroups = d.between(1, 2);
        int channels = groups * offsetGroups * d.between(1, 2);
        int features = groups * d.between(1, 2);
        int taps = offsetGroups * Dims.size(window.kernel);
        int examples = d.between(1, 2);
        OneNodeModel model = op("DeformConv", d.oneOf(19, 22))
                .input(d.normal(Dims.concat(new int[] {examples, channels}, image)))
                .input(d.normal(Dims.concat(new int[] {features, channels / groups}, window.kernel)))
                .input(d.uniform(-1.5, 1.5, Dims.concat(new int[] {examples, 2 * taps}, output)))
                .with("group", groups)
                .with("offset_group", offsetGroups)
                .with("strides", window.strides)
                .with("dilations", window.dilations)
                .with("pads", pads);
        if (d.coin()) {
            model.input(d.normal(features));
        } else {
            model.missing();
        }
        if (d.coin()) {
            model.input(d.uniform(0, 1, Dims.concat(new int[] {examples, taps}, output)));
        }
        return d.coin() ? model.with("kernel_shape", window.kernel) : model;
    }

    static OneNodeModel columnsToImage(Draw d) {
        int axes = 2;
        Window window = Window.draw(d, axes);
        int[] pads = d.ints(2 * axes, 0, 1);
        int[] image = IntStream.range(0, axes)
                .map(i -> window.extent(i) + d.between(0, 3))
                .toArray();
        int blocks = 1;
        for (int i = 0; i < axes; i++) {
            blocks *= (image[i] + pads[i] + pads[axes + i] - window.extent(i)) / window.strides[i] + 1;
        }
        int channels = d.between(1, 2);
        return op("Col2Im", d.oneOf(18, 21))
                .input(d.normal(d.between(1, 2), channels * Dims.size(window.kernel), blocks))
                .input(Value.vector(image))
                .input(Value.vector(window.kernel))
                .with("pads", pads)
                .with("strides", window.strides)
                .with("dilations", window.dilations);
    }
}
