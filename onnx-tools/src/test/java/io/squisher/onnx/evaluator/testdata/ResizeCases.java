package io.squisher.onnx.evaluator.testdata;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.ints;
import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import java.util.stream.Stream;

/** Resize and Upsample in the modes that ONNX Runtime has. */
final class ResizeCases {
    private ResizeCases() {}

    static Stream<OneNodeModel> all() {
        return Stream.of(kinds(), modes()).flatMap(cases -> cases);
    }

    private static Stream<OneNodeModel> kinds() {
        Value smaller = Value.floats(new int[] {4}, 1, 1, 0.6, 0.75);
        return Stream.of(
                upsample("nearest"),
                upsample("linear"),
                op("Resize", 10).normal(1, 1, 4, 5).constant(smaller),
                op("Resize", 10).normal(1, 1, 4, 5).constant(smaller).with("mode", "linear"),
                op("Resize", 18)
                        .normal(1, 2, 4, 6)
                        .missing()
                        .missing()
                        .constant(Value.vector(9, 9))
                        .with("axes", ints(2, 3))
                        .with("keep_aspect_ratio_policy", "not_larger")
                        .with("mode", "linear"),
                op("Resize", 13)
                        .normal(1, 1, 4, 5)
                        .constant(Value.floats(new int[] {8}, 0, 0, 0.2, -0.2, 1, 1, 0.9, 1.1))
                        .missing()
                        .constant(Value.vector(1, 1, 3, 6))
                        .with("mode", "linear")
                        .with("extrapolation_value", 9.0)
                        .with("coordinate_transformation_mode", "tf_crop_and_resize"),
                op("Resize", 13)
                        .normal(1, 1, 3, 4, 5)
                        .missing()
                        .constant(Value.floats(new int[] {5}, 1, 1, 2, 1.5, 0.8))
                        .with("mode", "linear"));
    }

    private static Stream<OneNodeModel> modes() {
        Value larger = Value.floats(new int[] {4}, 1, 1, 2.5, 1.5);
        Value smaller = Value.floats(new int[] {4}, 1, 1, 0.6, 0.75);
        return Stream.of(
                resize(larger, "linear", "asymmetric"),
                resize(smaller, "linear", "half_pixel"),
                resize(smaller, "cubic", "half_pixel"),
                resize(larger, "cubic", "pytorch_half_pixel"),
                resize(larger, "cubic", "align_corners"),
                resize(larger, "linear", "align_corners"),
                resize(larger, "linear", "half_pixel_symmetric"),
                resize(smaller, "linear", "half_pixel_symmetric"),
                resize(smaller, "linear", "half_pixel").with("antialias", 1),
                resize(smaller, "cubic", "half_pixel").with("antialias", 1).with("exclude_outside", 1),
                resize(larger, "cubic", "half_pixel").with("exclude_outside", 1).with("cubic_coeff_a", -0.5),
                resize(larger, "nearest", "half_pixel").with("nearest_mode", "ceil"),
                resize(smaller, "nearest", "asymmetric").with("nearest_mode", "floor"),
                resize(larger, "nearest", "align_corners").with("nearest_mode", "round_prefer_ceil"));
    }

    private static OneNodeModel upsample(String mode) {
        return op("Upsample", 9)
                .normal(1, 2, 3, 4)
                .constant(Value.floats(new int[] {4}, 1, 1, 2, 1.5))
                .with("mode", mode);
    }

    private static OneNodeModel resize(Value scales, String mode, String coordinates) {
        return op("Resize", 19)
                .normal(1, 2, 4, 8)
                .missing()
                .constant(scales)
                .with("mode", mode)
                .with("coordinate_transformation_mode", coordinates);
    }
}
