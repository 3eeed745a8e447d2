package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;

/** The upper or lower triangle of each matrix from diagonal k on; zeros elsewhere. */
final class Trilu {
    private Trilu() {}

    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        boolean upper = call.flag("upper", true);
        long diagonal = call.optional(1).map(k -> k.longAt(0)).orElse(0L);
        int columns = x.dim(-1);
        int rows = x.dim(-2);
        int[] sources = new int[x.size()];
        for (int i = 0; i < sources.length; i++) {
            long distance = i % columns - i / columns % rows - diagonal;
            sources[i] = (upper ? distance >= 0 : distance <= 0) ? i : -1;
        }
        return x.gathered(x.dims(), sources);
    }
}
