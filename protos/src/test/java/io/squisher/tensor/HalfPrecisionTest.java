package io.squisher.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
    @Test
    void allFloat16PatternsRoundTrip() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = HalfPrecision.float16ToFloat((short) bits);
            short back = HalfPrecision.floatToFloat16(value);
            if (Float.isNaN(value)) {
                assertTrue((bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0, Integer.toHexString(bits));
                assertTrue(Float.isNaN(HalfPrecision.float16ToFloat(back)), Integer.toHexString(bits));
            } else {
                assertEquals((short) bits, back, Integer.toHexString(bits));
            }
        }
    }

    @Test
    void allBfloat16PatternsRoundTrip() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = HalfPrecision.bfloat16ToFloat((short) bits);
            short back = HalfPrecision.floatToBfloat16(value);
            if (Float.isNaN(value)) {
                assertTrue(Float.isNaN(HalfPrecision.bfloat16ToFloat(back)), Integer.toHexString(bits));
            } else {
                assertEquals((short) bits, back, Integer.toHexString(bits));
            }
        }
    }

    @Test
    void knownFloat16Values() {
        assertEquals(1f, HalfPrecision.float16ToFloat((short) 0x3c00));
        assertEquals(-2f, HalfPrecision.float16ToFloat((short) 0xc000));
        assertEquals(65504f, HalfPrecision.float16ToFloat((short) 0x7bff));
        assertEquals(0x1p-24f, HalfPrecision.float16ToFloat((short) 0x0001));
        assertEquals(0x1p-14f, HalfPrecision.float16ToFloat((short) 0x0400));
        assertEquals(Float.NEGATIVE_INFINITY, HalfPrecision.float16ToFloat((short) 0xfc00));
    }

    /** The midpoint of two neighbours goes to the even one, anything beside it to the nearer one. */
    @Test
    void float16RoundsToNearestWithTiesToEven() {
        for (int bits = 0; bits < 0x7bff; bits++) {
            float low = HalfPrecision.float16ToFloat((short) bits);
            float high = HalfPrecision.float16ToFloat((short) (bits + 1));
            float middle = (low + high) / 2;
            assertEquals((short) ((bits & 1) == 0 ? bits : bits + 1), HalfPrecision.floatToFloat16(middle));
            assertEquals((short) bits, HalfPrecision.floatToFloat16(Math.nextDown(middle)));
            assertEquals((short) (bits + 1), HalfPrecision.floatToFloat16(Math.nextUp(middle)));
        }
    }

    @Test
    void float16OverflowsHalfAStepAboveTheLargest() {
        assertEquals((short) 0x7bff, HalfPrecision.floatToFloat16(Math.nextDown(65520f)));
        assertEquals((short) 0x7c00, HalfPrecision.floatToFloat16(65520f));
        assertEquals((short) 0xfc00, HalfPrecision.floatToFloat16(-Float.MAX_VALUE));
    }

    @Test
    void bfloat16RoundsToNearestWithTiesToEven() {
        for (int bits = 0; bits < 0x7f7f; bits++) {
            float middle = Float.intBitsToFloat(bits << 16 | 0x8000);
            assertEquals((short) ((bits & 1) == 0 ? bits : bits + 1), HalfPrecision.floatToBfloat16(middle));
            assertEquals((short) bits, HalfPrecision.floatToBfloat16(Math.nextDown(middle)));
            assertEquals((short) (bits + 1), HalfPrecision.floatToBfloat16(Math.nextUp(middle)));
        }
        assertEquals((short) 0x7f80, HalfPrecision.floatToBfloat16(Float.MAX_VALUE));
    }

    /** Rounding through float first would turn a value just above a midpoint into the midpoint, and that to even. */
    @Test
    void doublesAreRoundedOnce() {
        ByteBuffer buffer = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
        double justAboveTheMiddle = 1 + 0x1p-11 + 0x1p-40;
        ElementType.F16.putDouble(buffer, 0, justAboveTheMiddle);
        assertEquals(0x3c01, buffer.getShort(0));
        ElementType.F16.putDouble(buffer, 0, -1 - 0x1p-11 - 0x1p-12 - 0x1p-11);
        assertEquals((short) 0xbc01, buffer.getShort(0));
        ElementType.BF16.putDouble(buffer, 0, 1 + 0x1p-8 + 0x1p-40);
        assertEquals(0x3f81, buffer.getShort(0));
        ElementType.BF16.putDouble(buffer, 0, 1e300);
        assertEquals(0x7f80, buffer.getShort(0));
        ElementType.F16.putDouble(buffer, 0, Double.NaN);
        assertTrue(Double.isNaN(ElementType.F16.getDouble(buffer, 0)));
    }

    @Test
    void roundingADoubleGivesTheNearestNeighbour() {
        long seed = 7;
        Random random = new Random(seed);
        ByteBuffer buffer = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 20_000; i++) {
            double value = random.nextGaussian() * Math.pow(2, random.nextInt(36) - 26);
            ElementType.F16.putDouble(buffer, 0, value);
            double rounded = ElementType.F16.getDouble(buffer, 0);
            for (int neighbour = -1; neighbour <= 1; neighbour += 2) {
                double other = HalfPrecision.float16ToFloat((short) (buffer.getShort(0) + neighbour));
                assertTrue(
                        Double.isNaN(other) || Math.abs(rounded - value) <= Math.abs(other - value),
                        "seed " + seed + ": " + value + " became " + rounded + ", nearer is " + other);
            }
        }
    }
}
