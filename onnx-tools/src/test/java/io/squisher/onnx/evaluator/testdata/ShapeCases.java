package io.squisher.onnx.evaluator.testdata;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.ints;
import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import java.util.stream.Stream;

/** Movements of elements. */
final class ShapeCases {
    private ShapeCases() {}

    static Stream<OneNodeModel> all() {
        return Stream.of(pads(), others()).flatMap(cases -> cases);
    }

    private static Stream<OneNodeModel> pads() {
        return Stream.of(
                op("Pad", 18)
                        .normal(3, 4)
                        .constant(Value.vector(1, 2))
                        .constant(Value.scalar(7))
                        .constant(Value.vector(-1)),
                op("Pad", 19).normal(3, 4).constant(Value.vector(1, 2, 0, 3)).with("mode", "wrap"),
                op("Pad", 18).normal(3, 4).constant(Value.vector(1, 2, 2, 3)).with("mode", "reflect"),
                op("Pad", 18).normal(4, 5).constant(Value.vector(-1, 2, 1, -2)).with("mode", "edge"),
                op("Pad", 18).normal(4, 5).constant(Value.vector(-1, 2, 1, -2)),
                op("CenterCropPad", 18)
                        .normal(3, 7, 4)
                        .constant(Value.vector(6, 4))
                        .with("axes", ints(0, 1)));
    }

    private static Stream<OneNodeModel> others() {
        return Stream.of(
                op("Split", 18).normal(7, 2).with("num_outputs", 3).outputs(3),
                op("Slice", 13)
                        .normal(6, 7)
                        .constant(Value.vector(-1, 100))
                        .constant(Value.vector(-100, 1))
                        .constant(Value.vector(0, -1))
                        .constant(Value.vector(-2, -3)),
                op("Tile", 13).normal(2, 3).constant(Value.vector(2, 3)),
                op("Expand", 13).normal(3, 1).constant(Value.vector(2, 1, 4)),
                op("ReverseSequence", 10)
                        .normal(4, 3, 2)
                        .constant(Value.vector(1, 4, 2))
                        .with("time_axis", 0)
                        .with("batch_axis", 1),
                op("DepthToSpace", 13).normal(1, 8, 2, 3).with("blocksize", 2).with("mode", "CRD"),
                op("SpaceToDepth", 13).normal(2, 2, 4, 6).with("blocksize", 2),
                op("Trilu", 14)
                        .normal(2, 4, 3)
                        .constant(Value.ints(new int[0], -1))
                        .with("upper", 0),
                op("EyeLike", 9).normal(3, 5).with("k", 1));
    }
}
