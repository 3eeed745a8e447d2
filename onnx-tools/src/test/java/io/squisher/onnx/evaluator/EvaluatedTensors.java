package io.squisher.onnx.evaluator;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The evaluator's values as tensors for ONNX Runtime. */
public final class EvaluatedTensors {
    private EvaluatedTensors() {}

    /** The value in its own type. */
    public static Tensor of(Value value) {
        return as(value.type(), value);
    }

    /** The value's elements rounded to {@code type}. */
    public static Tensor as(ElementType type, Value value) {
        Shape shape = Shape.of(Arrays.stream(value.dims()).asLongStream().toArray());
        ByteBuffer bytes = ByteBuffer.allocate(value.size() * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < value.size(); i++) {
            if (type.isFloating()) {
                type.putDouble(bytes, i * type.bytes(), value.doubleAt(i));
            } else {
                type.putLong(bytes, i * type.bytes(), value.longAt(i));
            }
        }
        return Tensor.of(type, shape, bytes);
    }
}
