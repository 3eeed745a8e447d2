package io.squisher.onnx.evaluator.testdata;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.ints;
import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import java.util.stream.Stream;

/** Convolutions and poolings. */
final class WindowCases {
    private WindowCases() {}

    static Stream<OneNodeModel> all() {
        return Stream.of(convolutions(), transposed(), maxima(), means()).flatMap(cases -> cases);
    }

    private static Stream<OneNodeModel> convolutions() {
        return Stream.of(
                op("Conv", 11)
                        .normal(2, 4, 9)
                        .normal(6, 2, 3)
                        .normal(6)
                        .with("group", 2)
                        .with("strides", ints(2)),
                op("Conv", 11)
                        .normal(1, 2, 7, 6)
                        .normal(3, 2, 3, 2)
                        .with("auto_pad", "SAME_LOWER")
                        .with("strides", ints(2, 3)),
                op("Conv", 11)
                        .normal(1, 2, 8, 7)
                        .normal(2, 2, 3, 2)
                        .with("auto_pad", "VALID")
                        .with("dilations", ints(2, 1)),
                op("DeformConv", 19)
                        .normal(2, 4, 5, 6)
                        .normal(2, 2, 3, 2)
                        .uniform(-1.5, 1.5, 2, 24, 3, 3)
                        .normal(2)
                        .uniform(0, 1, 2, 12, 3, 3)
                        .with("group", 2)
                        .with("offset_group", 2)
                        .with("strides", ints(2, 2))
                        .with("pads", ints(1, 0, 1, 1)),
                op("DeformConv", 22)
                        .normal(2, 2, 4, 4)
                        .normal(3, 2, 2, 2)
                        .uniform(-1.5, 1.5, 2, 8, 2, 2)
                        .with("dilations", ints(2, 2)),
                op("Conv", 11).normal(1, 2, 5, 4, 6).normal(2, 2, 2, 3, 2).with("pads", ints(1, 0, 1, 0, 1, 1)),
                op("Col2Im", 18)
                        .normal(2, 12, 8)
                        .constant(Value.vector(5, 6))
                        .constant(Value.vector(2, 3))
                        .with("pads", ints(0, 0, 0, 0))
                        .with("dilations", ints(1, 1))
                        .with("strides", ints(1, 2)));
    }

    private static Stream<OneNodeModel> transposed() {
        return Stream.of(
                op("ConvTranspose", 11)
                        .normal(2, 4, 5, 4)
                        .normal(4, 3, 3, 2)
                        .normal(6)
                        .with("group", 2)
                        .with("strides", ints(3, 2))
                        .with("output_padding", ints(2, 1))
                        .with("pads", ints(1, 0, 0, 1)),
                op("ConvTranspose", 11)
                        .normal(1, 2, 4)
                        .normal(2, 3, 3)
                        .with("dilations", ints(2))
                        .with("strides", ints(2)),
                op("ConvTranspose", 11)
                        .normal(1, 1, 3, 3)
                        .normal(1, 2, 3, 3)
                        .with("auto_pad", "SAME_UPPER")
                        .with("strides", ints(2, 2)),
                op("ConvTranspose", 11)
                        .normal(1, 1, 3, 3)
                        .normal(1, 2, 3, 3)
                        .with("output_shape", ints(8, 6))
                        .with("strides", ints(3, 2)));
    }

    private static Stream<OneNodeModel> maxima() {
        return Stream.of(
                op("MaxPool", 12)
                        .normal(2, 3, 7, 8)
                        .with("kernel_shape", ints(3, 2))
                        .with("ceil_mode", 1)
                        .with("strides", ints(2, 3))
                        .outputs(2),
                op("MaxPool", 12)
                        .normal(1, 2, 7, 8)
                        .with("kernel_shape", ints(2, 3))
                        .with("storage_order", 1)
                        .with("dilations", ints(2, 2))
                        .with("pads", ints(1, 1, 0, 1))
                        .outputs(2),
                op("MaxPool", 12)
                        .normal(1, 2, 5, 6, 4)
                        .with("kernel_shape", ints(2, 2, 2))
                        .with("auto_pad", "SAME_LOWER"),
                op("MaxUnpool", 11)
                        .input(Value.floats(new int[] {1, 1, 2, 2}, 5, 6, 7, 8))
                        .input(Value.ints(new int[] {1, 1, 2, 2}, 5, 7, 13, 15))
                        .with("kernel_shape", ints(2, 2))
                        .with("strides", ints(2, 2)));
    }

    private static Stream<OneNodeModel> means() {
        return Stream.of(
                op("AveragePool", 19)
                        .normal(1, 2, 7, 8)
                        .with("kernel_shape", ints(3, 3))
                        .with("strides", ints(2, 2))
                        .with("pads", ints(1, 1, 1, 1))
                        .with("ceil_mode", 1)
                        .with("count_include_pad", 1),
                op("AveragePool", 19)
                        .normal(1, 2, 8, 9)
                        .with("kernel_shape", ints(3, 2))
                        .with("dilations", ints(2, 3)),
                op("AveragePool", 22)
                        .normal(2, 1, 9, 5)
                        .with("kernel_shape", ints(3, 3))
                        .with("dilations", ints(2, 2))
                        .with("pads", ints(0, 1, 2, 1))
                        .with("ceil_mode", 1)
                        .with("count_include_pad", 1),
                op("AveragePool", 22)
                        .normal(1, 2, 4, 5, 4)
                        .with("kernel_shape", ints(3, 2, 2))
                        .with("strides", ints(2, 1, 1))
                        .with("pads", ints(1, 0, 1, 2, 1, 0))
                        .with("count_include_pad", 1),
                op("AveragePool", 11)
                        .normal(1, 2, 6, 6)
                        .with("kernel_shape", ints(3, 3))
                        .with("strides", ints(2, 2))
                        .with("ceil_mode", 1),
                op("LpPool", 18)
                        .normal(1, 2, 6, 7)
                        .with("kernel_shape", ints(2, 3))
                        .with("p", 3)
                        .with("strides", ints(2, 1)),
                op("LpPool", 18)
                        .normal(1, 2, 8, 8)
                        .with("kernel_shape", ints(2, 2))
                        .with("dilations", ints(2, 2))
                        .with("pads", ints(1, 1, 1, 1)),
                op("GlobalLpPool", 2).normal(2, 3, 4, 5).with("p", 3));
    }
}
