package io.squisher.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectedTensorTest {
    private static Tensor counted(long... dims) {
        Shape shape = Shape.of(dims);
        return Tensor.of(
                shape, IntStream.range(0, (int) shape.size()).asDoubleStream().toArray());
    }

    @Test
    void takesRowsColumnsAndBoth() {
        Tensor matrix = counted(3, 4);
        assertArrayEquals(
                new double[] {0, 1, 2, 3, 8, 9, 10, 11}, new SelectedTensor(matrix, 0, new int[] {0, 2}).toDoubles());
        SelectedTensor columns = new SelectedTensor(matrix, 1, new int[] {1, 3});
        assertEquals(Shape.of(3, 2), columns.shape());
        assertArrayEquals(new double[] {1, 3, 5, 7, 9, 11}, columns.toDoubles());
        assertArrayEquals(new double[] {5, 7}, new SelectedTensor(columns, 0, new int[] {1}).toDoubles());
        assertArrayEquals(
                new double[] {7, 11},
                new SelectedTensor(new SelectedTensor(columns, 1, new int[] {1}), 0, new int[] {1, 2}).toDoubles());
    }

    @Test
    void givesTheSameFromAnyPlaceAndInAnyPiece() {
        long seed = 7;
        Random random = new Random(seed);
        for (long[] dims : List.of(new long[] {5, 7, 3}, new long[] {2, 3, 20_000}, new long[] {300, 90, 2})) {
            Tensor source = counted(dims);
            for (int axis = 0; axis < 3; axis++) {
                int[] indices = IntStream.range(0, (int) dims[axis])
                        .filter(i -> random.nextBoolean())
                        .toArray();
                SelectedTensor selected = new SelectedTensor(source, axis, indices);
                double[] whole = selected.toDoubles();
                for (int trial = 0; trial < 20 && whole.length > 0; trial++) {
                    int start = random.nextInt(whole.length);
                    int count = random.nextInt(whole.length - start) + 1;
                    ByteBuffer piece = ByteBuffer.allocate(count * 8).order(ByteOrder.LITTLE_ENDIAN);
                    selected.readBytes(start * 8L, piece);
                    for (int i = 0; i < count; i++) {
                        assertEquals(whole[start + i], piece.getDouble(i * 8), "seed " + seed);
                    }
                }
                assertSelected(source, axis, indices, whole);
            }
        }
    }

    private static void assertSelected(Tensor source, int axis, int[] indices, double[] whole) {
        double[] all = source.toDoubles();
        long[] dims = source.shape().dims();
        int inner = 1;
        for (int later = axis + 1; later < dims.length; later++) {
            inner *= (int) dims[later];
        }
        int row = inner;
        BitSet kept = new BitSet();
        IntStream.of(indices).forEach(kept::set);
        assertArrayEquals(
                IntStream.range(0, all.length)
                        .filter(i -> kept.get((int) (i / row % dims[axis])))
                        .mapToDouble(i -> all[i])
                        .toArray(),
                whole);
    }

    @Test
    void refusesIndicesOutOfOrderOrRange() {
        Tensor matrix = counted(2, 2);
        assertThrows(IllegalArgumentException.class, () -> new SelectedTensor(matrix, 1, new int[] {1, 0}));
        assertThrows(IllegalArgumentException.class, () -> new SelectedTensor(matrix, 1, new int[] {2}));
    }
}
