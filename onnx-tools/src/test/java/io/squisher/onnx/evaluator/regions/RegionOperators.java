package io.squisher.onnx.evaluator.regions;

import io.squisher.onnx.evaluator.OperatorTable;

/** The list of operators on boxes. */
public final class RegionOperators {
    private RegionOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .one("MaxRoiPool", MaxRoiPool::evaluate)
                .one("NonMaxSuppression", NonMaxSuppression::evaluate)
                .one("RoiAlign", RoiAlign::evaluate);
    }
}
