package io.squisher.onnx.evaluator.sampling;

import io.squisher.onnx.evaluator.OperatorTable;

/** The list of operators that interpolate. */
public final class SamplingOperators {
    private SamplingOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .one("AffineGrid", AffineGrid::evaluate)
                .one("DeformConv", DeformConv::evaluate)
                .one("GridSample", GridSample::evaluate)
                .one("Resize", Resize::evaluate)
                .one("Upsample", Resize::upsample);
    }
}
