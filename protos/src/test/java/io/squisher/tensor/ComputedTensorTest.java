package io.squisher.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComputedTensorTest {
    private static final ComputedTensor.Kernel SUM = (start, count, inputs, output) -> {
        for (int i = 0; i < count; i++) {
            output[i] = inputs[0][i] + inputs[1][i];
        }
    };

    @Test
    void computesAcrossPiecesAndFromOffsets() {
        int size = 100_003;
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = i;
        }
        Shape shape = Shape.of(size);
        Tensor sum = new ComputedTensor(
                new TensorSpec(ElementType.F32, shape),
                List.of(Tensor.of(shape, values), Tensor.of(shape, values)),
                SUM);

        assertEquals(2f * (size - 1), sum.toFloats()[size - 1]);
        ByteBuffer tail = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        sum.readBytes(4L * (size - 2), tail);
        assertEquals(2f * (size - 2), tail.getFloat(0));
        assertEquals(2f * (size - 1), tail.getFloat(4));
    }

    @Test
    void readsOtherComputedTensors() {
        Shape shape = Shape.of(2);
        TensorSpec spec = new TensorSpec(ElementType.F64, shape);
        Tensor ones = Tensor.of(shape, 1.0, 1.0);
        Tensor twos = new ComputedTensor(spec, List.of(ones, ones), SUM);
        Tensor threes = new ComputedTensor(spec, List.of(twos, ones), SUM);

        assertArrayEquals(new double[] {3, 3}, threes.toDoubles());
    }

    @Test
    void roundsToNarrowTypes() {
        Shape shape = Shape.of(1);
        Tensor third = Tensor.of(shape, 1 / 6.0);
        for (ElementType type : List.of(ElementType.F16, ElementType.BF16)) {
            Tensor sum = new ComputedTensor(new TensorSpec(type, shape), List.of(third, third), SUM);
            assertEquals(1 / 3.0, sum.toDoubles()[0], 2e-3, type.toString());
        }
    }

    @Test
    void refusesInputsOfAnotherSize() {
        Tensor one = Tensor.of(Shape.of(1), 1.0);
        TensorSpec spec = new TensorSpec(ElementType.F64, Shape.of(2));
        assertThrows(IllegalArgumentException.class, () -> new ComputedTensor(spec, List.of(one, one), SUM));
    }
}
