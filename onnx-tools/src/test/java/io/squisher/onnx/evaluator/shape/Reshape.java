package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;

/** Reshape and Flatten. */
final class Reshape {
    private Reshape() {}

    /** One dimension may be -1 (what is left); 0 copies the input's dimension unless {@code allowzero}. */
    static Value evaluate(OperatorCall call) {
        Value data = call.input(0);
        int[] dims = call.opset() < 5 ? call.ints("shape") : call.input(1).ints();
        int open = -1;
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] == 0 && !call.flag("allowzero", false)) {
                dims[axis] = data.dim(axis);
            } else if (dims[axis] == -1) {
                open = axis;
            }
        }
        if (open >= 0) {
            dims[open] = 1;
            dims[open] = data.size() / Dims.size(dims);
        }
        return data.reshaped(dims);
    }

    /** Flatten: the axes before {@code axis} become one, the others another. */
    static Value flatten(OperatorCall call) {
        Value data = call.input(0);
        int axis = call.integer("axis", 1);
        int[] dims = data.dims();
        int split = axis < 0 ? axis + dims.length : axis;
        return data.reshaped(Dims.size(dims, 0, split), Dims.size(dims, split, dims.length));
    }
}
