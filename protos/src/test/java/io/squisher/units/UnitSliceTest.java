package io.squisher.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.tensor.Shape;
import org.junit.jupiter.api.Test;

class UnitSliceTest {
    @Test
    void unitsLieSideBySide() {
        UnitSlice slice = new UnitSlice("flattened.weight", 1);
        assertEquals(9, slice.span(Shape.of(10, 72), 8));
        assertEquals(1, slice.stride(Shape.of(10, 72)));
        assertEquals(27, new UnitSlice("conv.weight", 0).stride(Shape.of(4, 3, 3, 3)));
        assertThrows(IllegalArgumentException.class, () -> slice.span(Shape.of(10, 70), 8));
    }
}
