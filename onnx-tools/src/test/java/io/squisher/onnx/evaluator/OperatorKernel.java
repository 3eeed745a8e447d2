package io.squisher.onnx.evaluator;

import java.util.List;

/** The forward meaning of one operator. */
@FunctionalInterface
public interface OperatorKernel {
    /** The outputs by position; trailing optional outputs that the node does not name may be missing. */
    List<Value> evaluate(OperatorCall call);
}
