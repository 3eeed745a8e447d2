package io.squisher.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void sizeIsTheProduct() {
        assertEquals(1, Shape.of().size());
        assertEquals(24, Shape.of(2, 3, 4).size());
        assertEquals(0, Shape.of(2, 0, 4).size());
        assertEquals("[2, 3]", Shape.of(2, 3).toString());
        assertEquals(Shape.of(2, 3), Shape.of(2, 3));
    }

    @Test
    void refusesNegativeDimensions() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> Shape.of(2, -1));
        assertEquals("negative dimension in shape [2, -1]", e.getMessage());
    }

    @Test
    void refusesOverflowWhereverAZeroStands() {
        long large = 1L << 40;
        for (long[] dims : new long[][] {{large, large}, {0, large, large}, {large, large, 0}, {Long.MAX_VALUE, 2}}) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> Shape.of(dims));
            assertTrue(e.getMessage().endsWith("overflows"), e.getMessage());
        }
    }

    @Test
    void theLargestShapeHasACountableNumberOfBytes() {
        assertEquals(1L << 61, new TensorSpec(ElementType.F64, Shape.of(1L << 58)).bytes());
        assertThrows(IllegalArgumentException.class, () -> Shape.of((1L << 58) + 1));
    }

    @Test
    void dimensionsAreCopies() {
        long[] dims = {2, 3};
        Shape shape = Shape.of(dims);
        dims[0] = 9;
        shape.dims()[1] = 9;
        assertEquals(Shape.of(2, 3), shape);
    }
}
