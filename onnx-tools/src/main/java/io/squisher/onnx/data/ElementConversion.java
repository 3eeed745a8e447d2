package io.squisher.onnx.data;

import io.squisher.tensor.ElementType;
import java.nio.ByteBuffer;

/** Numbers of one type as those of another; both buffers are little-endian and hold them from position 0 on. */
final class ElementConversion {
    private ElementConversion() {}

    /** Floating-point types take numbers over by value; integers drop the fraction. */
    static void convert(ElementType from, ByteBuffer source, ElementType to, ByteBuffer target, int count) {
        for (int i = 0; i < count; i++) {
            if (to.isFloating()) {
                to.putDouble(target, i * to.bytes(), from.getDouble(source, i * from.bytes()));
            } else {
                to.putLong(target, i * to.bytes(), from.getLong(source, i * from.bytes()));
            }
        }
    }
}
