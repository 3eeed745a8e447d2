package io.squisher.onnx.evaluator.elementwise;

import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.UnsupportedModelException;
import io.squisher.onnx.evaluator.Value;
import io.squisher.tensor.ElementType;
import java.util.Arrays;

/**
 * Cast and CastLike. Between floating-point types nothing is rounded (see the package of the evaluator); to integers a
 * number is truncated toward zero, to a boolean it becomes whether it differs from 0.
 */
public final class Cast {
    private Cast() {}

    static Value cast(OperatorCall call) {
        if (call.opset() < 6) {
            return to(call.input(0), ElementType.valueOf(legacyName(call.text("to", "FLOAT"))));
        }
        return to(call.input(0), type(call.integer("to", 0)));
    }

    static Value castLike(OperatorCall call) {
        return to(call.input(0), call.input(1).type());
    }

    /** The element type of ONNX's number. */
    public static ElementType type(int number) {
        return OnnxElementTypes.fromOnnx(number)
                .orElseThrow(() -> new UnsupportedModelException("element type " + OnnxElementTypes.nameOf(number)));
    }

    /** A value in another type. */
    public static Value to(Value x, ElementType type) {
        if (type.isFloating()) {
            return Value.of(type, x.dims(), x.doubles());
        }
        if (type == ElementType.BOOL) {
            long[] truths = Arrays.stream(x.doubles())
                    .mapToLong(value -> value != 0 ? 1 : 0)
                    .toArray();
            return Value.of(type, x.dims(), truths);
        }
        long[] wrapped = Arrays.stream(x.longs())
                .map(value -> Integers.wrap(type, value))
                .toArray();
        return Value.of(type, x.dims(), wrapped);
    }

    /** Before opset 6 the type was given by its name. */
    private static String legacyName(String name) {
        return switch (name) {
            case "FLOAT" -> "F32";
            case "DOUBLE" -> "F64";
            case "FLOAT16" -> "F16";
            case "BOOL" -> "BOOL";
            default -> name.replace("UINT", "U").replace("INT", "I");
        };
    }
}
