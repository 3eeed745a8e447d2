package io.squisher.onnx.evaluator.shape;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Cast;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.tensor.ElementType;

/** The tensor in the node's one attribute. */
final class Constant {
    private Constant() {}

    static Value evaluate(OperatorCall call) {
        if (call.hasAttribute("value")) {
            return Value.of(call.attribute("value").map(AttributeProto::getT).orElseThrow());
        }
        if (call.hasAttribute("value_float")) {
            return Value.scalar(call.real("value_float", 0));
        }
        if (call.hasAttribute("value_int")) {
            return Value.ints(
                    new int[0], call.attribute("value_int").orElseThrow().getI());
        }
        if (call.hasAttribute("value_floats")) {
            double[] values = call.reals("value_floats");
            return Value.floats(new int[] {values.length}, values);
        }
        if (call.hasAttribute("value_ints")) {
            long[] values = call.attribute("value_ints").orElseThrow().getIntsList().stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            return Value.ints(new int[] {values.length}, values);
        }
        throw call.unsupported("a constant of strings or a sparse one");
    }

    /** ConstantOfShape: one number, float32 0 by default, in the shape that the input holds. */
    static Value ofShape(OperatorCall call) {
        Value fill =
                call.attribute("value").map(proto -> Value.of(proto.getT())).orElse(Value.floats(new int[] {1}, 0));
        return fill.reshaped().broadcastTo(call.input(0).ints());
    }

    /** EyeLike: ones on diagonal {@code k}. */
    static Value eyeLike(OperatorCall call) {
        Value like = call.input(0);
        ElementType type = call.hasAttribute("dtype") ? Cast.type(call.integer("dtype", 1)) : like.type();
        int offset = call.integer("k", 0);
        double[] ones = new double[like.size()];
        for (int row = 0; row < like.dim(0); row++) {
            if (row + offset >= 0 && row + offset < like.dim(1)) {
                ones[row * like.dim(1) + row + offset] = 1;
            }
        }
        return Cast.to(Value.floats(like.dims(), ones), type);
    }
}
