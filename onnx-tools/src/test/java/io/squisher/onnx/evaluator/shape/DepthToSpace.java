package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;

/** DepthToSpace and its inverse: blocks of b × b pixels stand in the channels; [N, C, H, W]. */
final class DepthToSpace {
    private DepthToSpace() {}

    /** Mode DCR: channels are (block row, block column, depth); CRD: (depth, block row, block column). */
    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        int b = call.integer("blocksize", 1);
        int n = x.dim(0);
        int c = x.dim(1) / (b * b);
        int h = x.dim(2);
        int w = x.dim(3);
        Value blocks = call.text("mode", "DCR").equals("DCR")
                ? x.reshaped(n, b, b, c, h, w).transposed(0, 3, 4, 1, 5, 2)
                : x.reshaped(n, c, b, b, h, w).transposed(0, 1, 4, 2, 5, 3);
        return blocks.reshaped(n, c, h * b, w * b);
    }

    static Value spaceToDepth(OperatorCall call) {
        Value x = call.input(0);
        int b = call.integer("blocksize", 1);
        int n = x.dim(0);
        int c = x.dim(1);
        int h = x.dim(2) / b;
        int w = x.dim(3) / b;
        return x.reshaped(n, c, h, b, w, b).transposed(0, 3, 5, 1, 2, 4).reshaped(n, c * b * b, h, w);
    }
}
