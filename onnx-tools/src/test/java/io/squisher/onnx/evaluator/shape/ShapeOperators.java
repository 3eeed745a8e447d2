package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.OperatorTable;

/** The list of operators that make or move elements. */
public final class ShapeOperators {
    private ShapeOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .one("CenterCropPad", CenterCropPad::evaluate)
                .one("Concat", Concat::evaluate)
                .one("Constant", Constant::evaluate)
                .one("ConstantOfShape", Constant::ofShape)
                .one("DepthToSpace", DepthToSpace::evaluate)
                .one("Expand", Expand::evaluate)
                .one("EyeLike", Constant::eyeLike)
                .one("Flatten", Reshape::flatten)
                .one("Identity", call -> call.input(0))
                .one("Pad", Pad::evaluate)
                .one("Range", Range::evaluate)
                .one("Reshape", Reshape::evaluate)
                .one("ReverseSequence", ReverseSequence::evaluate)
                .one("Shape", Shape::evaluate)
                .one("Size", Shape::size)
                .one("Slice", Slice::evaluate)
                .one("SpaceToDepth", DepthToSpace::spaceToDepth)
                .many("Split", Split::evaluate)
                .one("Squeeze", Squeeze::evaluate)
                .one("Tile", Expand::tile)
                .one("Transpose", Transpose::evaluate)
                .one("Trilu", Trilu::evaluate)
                .one("Unsqueeze", Squeeze::unsqueeze);
    }
}
