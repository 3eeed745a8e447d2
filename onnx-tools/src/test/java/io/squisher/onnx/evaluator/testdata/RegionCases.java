package io.squisher.onnx.evaluator.testdata;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.ints;
import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import java.util.stream.Stream;

/** Pooling over boxes, partly outside the image. */
final class RegionCases {
    private RegionCases() {}

    static Stream<OneNodeModel> all() {
        Value images = Value.vector(1, 0);
        Value boxes = Value.floats(new int[] {2, 4}, 1, 0.5, 7, 6.2, -2, 3, 4.5, 9);
        Value pooled = Value.floats(new int[] {2, 5}, 1, 1, 0, 7, 6, 0, 2, 3, 4, 6);
        return Stream.of(
                op("RoiAlign", 16)
                        .normal(2, 2, 7, 8)
                        .input(boxes)
                        .input(images)
                        .with("output_height", 2)
                        .with("output_width", 3)
                        .with("sampling_ratio", 2),
                op("RoiAlign", 16)
                        .normal(2, 2, 7, 8)
                        .input(boxes)
                        .input(images)
                        .with("output_height", 3)
                        .with("output_width", 2)
                        .with("spatial_scale", 0.6),
                op("RoiAlign", 10)
                        .normal(2, 2, 7, 8)
                        .input(boxes)
                        .input(images)
                        .with("output_height", 2)
                        .with("output_width", 2),
                op("MaxRoiPool", 1)
                        .normal(2, 2, 7, 8)
                        .input(pooled)
                        .with("pooled_shape", ints(2, 3))
                        .with("spatial_scale", 0.9));
    }
}
