package io.squisher.onnx.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class ElementConversionTest {
    private static Tensor converted(Tensor from, ElementType to) {
        int count = (int) from.size();
        ByteBuffer source = ByteBuffer.allocate(count * from.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
        from.readBytes(0, source);
        ByteBuffer target = ByteBuffer.allocate(count * to.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        ElementConversion.convert(from.type(), source, to, target, count);
        return Tensor.of(to, from.shape(), target);
    }

    @Test
    void wholeNumbersBecomeFloatingPointAndBack() {
        Tensor bytes = Tensor.of(ElementType.U8, Shape.of(3), ByteBuffer.wrap(new byte[] {0, 7, (byte) 255}));
        Tensor floats = converted(bytes, ElementType.F32);
        assertArrayEquals(new double[] {0, 7, 255}, floats.toDoubles());
        assertArrayEquals(
                new long[] {0, 7, 255}, converted(floats, ElementType.I64).toLongs());
    }

    @Test
    void largeIdentifiersKeepEveryDigit() {
        Tensor identifiers = Tensor.of(Shape.of(2), new long[] {(1L << 53) + 1, -3});
        assertArrayEquals(
                new long[] {(1L << 53) + 1, -3},
                converted(identifiers, ElementType.I64).toLongs());
    }

    @Test
    void fractionsAreDropped() {
        Tensor halves = Tensor.of(Shape.of(2), new double[] {2.75, -2.75});
        assertArrayEquals(new long[] {2, -2}, converted(halves, ElementType.I32).toLongs());
    }
}
