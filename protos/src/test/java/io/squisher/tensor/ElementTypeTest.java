package io.squisher.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElementTypeTest {
    private final ByteBuffer buffer = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void smallIntegersRoundTrip(ElementType type) {
        for (int value : new int[] {0, 1, 5, 127}) {
            type.putDouble(buffer, 3, value);
            assertEquals(value, type.getDouble(buffer, 3));
            assertEquals(value, type.getLong(buffer, 3));
        }
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void writesNoMoreThanItsBytes(ElementType type) {
        for (int i = 0; i < 16; i++) {
            buffer.put(i, (byte) 0x55);
        }
        type.putDouble(buffer, 2, 1);
        for (int i = 0; i < 16; i++) {
            if (i < 2 || i >= 2 + type.bytes()) {
                assertEquals(0x55, buffer.get(i), type + " touched byte " + i);
            }
        }
    }

    @Test
    void roundingGivesWhatIsReadAfterStoring() {
        // Ties to even at 1 + 2^-11 and 1 + 3·2^-11 in 16 bits, a double just above a tie, a subnormal, and an
        // overflow.
        double[] values = {0.1, -1e-7, 1 + 0x1p-11, 1 + 3 * 0x1p-11, 1 + 0x1p-11 + 0x1p-40, 65519, 65520, -1e300, 0};
        for (ElementType type : ElementType.values()) {
            if (type.isFloating()) {
                for (double value : values) {
                    type.putDouble(buffer, 0, value);
                    assertEquals(type.getDouble(buffer, 0), type.round(value), type + " of " + value);
                }
            } else {
                assertThrows(IllegalStateException.class, () -> type.round(1));
            }
        }
        assertEquals(1, ElementType.F16.round(1 + 0x1p-11));
        assertEquals(Double.POSITIVE_INFINITY, ElementType.F16.round(65520));
    }

    @Test
    void unsignedTypesDoNotTurnNegative() {
        buffer.putLong(0, -1);
        assertEquals(255, ElementType.U8.getLong(buffer, 0));
        assertEquals(65535, ElementType.U16.getLong(buffer, 0));
        assertEquals(4294967295L, ElementType.U32.getLong(buffer, 0));
        assertEquals(0x1p64, ElementType.U64.getDouble(buffer, 0));
        assertEquals(-1, ElementType.I64.getLong(buffer, 0));
        assertEquals(-1, ElementType.I8.getDouble(buffer, 0));
    }

    @Test
    void onlyTheFourFloatTypesAreFloating() {
        for (ElementType type : ElementType.values()) {
            assertEquals(type.name().contains("F"), type.isFloating(), type.name());
        }
        assertTrue(ElementType.BF16.isFloating());
        assertFalse(ElementType.BOOL.isFloating());
    }
}
