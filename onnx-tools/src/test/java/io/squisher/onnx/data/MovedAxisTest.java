package io.squisher.onnx.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MovedAxisTest {
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "0, 2", "2, 0", "1, 3", "3, 1", "2, 2"})
    void keepsTheOrderOfTheOthers(int from, int to) {
        long[] dims = {2, 3, 4, 5};
        long[] values = new long[120];
        java.util.Arrays.setAll(values, i -> i);
        Tensor moved = MovedAxis.of(Tensor.of(Shape.of(dims), values), from, to);
        java.util.List<Integer> order = new java.util.ArrayList<>(java.util.List.of(0, 1, 2, 3));
        order.add(to, order.remove(from));
        long[] expected = new long[120];
        long[] strides = {60, 20, 5, 1};
        for (int i = 0; i < 120; i++) {
            int rest = i;
            for (int axis = 3; axis >= 0; axis--) {
                int size = (int) dims[order.get(axis)];
                expected[i] += rest % size * strides[order.get(axis)];
                rest /= size;
            }
        }
        assertEquals(
                order.stream().map(axis -> dims[axis]).toList(),
                java.util.Arrays.stream(moved.shape().dims()).boxed().toList());
        assertArrayEquals(expected, moved.toLongs());
    }
}
