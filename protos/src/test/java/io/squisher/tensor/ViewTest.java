package io.squisher.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link StridedTensor} and {@link ConcatenatedTensor}. */
class ViewTest {
    /** {@code [[0, 1, 2], [3, 4, 5]]}. */
    private static final Tensor BASE = Tensor.of(Shape.of(2, 3), 0f, 1f, 2f, 3f, 4f, 5f);

    @Test
    void axesAreExchanged() {
        Tensor transposed = StridedTensor.permuted(BASE, 1, 0);
        assertEquals(Shape.of(3, 2), transposed.shape());
        assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5}, transposed.toFloats());
    }

    @Test
    void theOrderOfFourAxesIsThatOfNumpy() {
        float[] values = new float[24];
        for (int i = 0; i < 24; i++) {
            values[i] = i;
        }
        // numpy.arange(24).reshape(2, 3, 4).transpose(2, 0, 1).ravel()[:8]
        float[] moved = StridedTensor.permuted(Tensor.of(Shape.of(2, 3, 4), values), 2, 0, 1)
                .toFloats();
        assertArrayEquals(new float[] {0, 4, 8, 12, 16, 20, 1, 5}, java.util.Arrays.copyOf(moved, 8));
    }

    @Test
    void aSliceIsAPartOfAnAxis() {
        assertArrayEquals(
                new float[] {1, 2, 4, 5}, StridedTensor.slice(BASE, 1, 1, 2).toFloats());
        assertArrayEquals(
                new float[] {3, 4, 5}, StridedTensor.slice(BASE, 0, 1, 1).toFloats());
    }

    @Test
    void viewsOfViewsAndPartialReadsAgree() {
        Tensor view = StridedTensor.reshaped(StridedTensor.permuted(BASE, 1, 0), Shape.of(2, 3));
        assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5}, view.toFloats());
        byte[] whole = view.toBytes().array();
        for (int start = 0; start < whole.length; start++) {
            ByteBuffer part = ByteBuffer.allocate(whole.length - start);
            view.readBytes(start, part);
            assertArrayEquals(java.util.Arrays.copyOfRange(whole, start, whole.length), part.array());
        }
    }

    @Test
    void aViewBeyondItsBaseIsRefused() {
        long[] strides = {3, 1};
        assertThrows(IllegalArgumentException.class, () -> new StridedTensor(BASE, Shape.of(3, 3), strides, 0));
        assertThrows(IllegalArgumentException.class, () -> new StridedTensor(BASE, Shape.of(2, 3), strides, 1));
        assertThrows(IllegalArgumentException.class, () -> StridedTensor.slice(BASE, 1, 2, 2));
    }

    @Test
    void partsStandSideBySideAlongAnAxis() {
        Tensor column = Tensor.of(Shape.of(2, 1), 8f, 9f);
        assertArrayEquals(
                new float[] {0, 1, 2, 8, 3, 4, 5, 9}, new ConcatenatedTensor(List.of(BASE, column), 1).toFloats());
        Tensor row = Tensor.of(Shape.of(1, 3), 7f, 8f, 9f);
        Tensor rows = new ConcatenatedTensor(List.of(BASE, row), 0);
        assertEquals(Shape.of(3, 3), rows.shape());
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5, 7, 8, 9}, rows.toFloats());
        assertThrows(IllegalArgumentException.class, () -> new ConcatenatedTensor(List.of(BASE, row), 1));
    }

    @Test
    void partialReadsAcrossPartsAgree() {
        Tensor joined = new ConcatenatedTensor(List.of(BASE, Tensor.of(Shape.of(2, 1), 8f, 9f)), 1);
        byte[] whole = joined.toBytes().array();
        for (int start = 0; start < whole.length; start += 4) {
            ByteBuffer part = ByteBuffer.allocate(whole.length - start);
            joined.readBytes(start, part);
            assertArrayEquals(java.util.Arrays.copyOfRange(whole, start, whole.length), part.array());
        }
    }
}
