package io.squisher.onnx.evaluator.control;

import io.squisher.onnx.evaluator.OperatorTable;

/** The list of operators with graphs in their attributes. */
public final class ControlOperators {
    private ControlOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .many("If", Loop::branch)
                .many("Loop", Loop::evaluate)
                .many("Scan", Scan::evaluate);
    }
}
