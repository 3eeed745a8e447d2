package io.squisher.apps.quantization.number;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.tensor.ElementType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against tables that ml_dtypes wrote (fp8.py): every float16, and every byte. */
class SmallFloatTest {
    private static final int HALVES = 1 << 16;

    private static ByteBuffer reference() throws IOException {
        try (InputStream file = SmallFloatTest.class.getResourceAsStream("/quantization/fp8.gz")) {
            return ByteBuffer.wrap(new GZIPInputStream(file).readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** What byte {@code code} means. */
    private static float value(ByteBuffer reference, SmallFloat format, int code) {
        return reference.getFloat(2 * HALVES + 4 * (256 * format.ordinal() + code));
    }

    @ParameterizedTest
    @EnumSource
    void everyFloat16GoesToTheNearestValue(SmallFloat format) throws IOException {
        ByteBuffer reference = reference();
        ByteBuffer half = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
        int seen = 0;
        for (int bits = 0; bits < HALVES; bits++) {
            double value = ElementType.F16.getDouble(half.putShort(0, (short) bits), 0);
            if (!Double.isFinite(value)) {
                continue;
            }
            double expected = value(reference, format, reference.get(format.ordinal() * HALVES + bits) & 0xff);
            if (!Double.isFinite(expected)) {
                // The reference has no largest value that it stops at, ours has.
                expected = Math.copySign(format == SmallFloat.E4M3 ? 448 : 57344, value);
                assertTrue(Math.abs(value) > Math.abs(expected), "overflow of " + value);
            }
            assertEquals(expected, format.nearest(value), format + " of " + value);
            seen++;
        }
        assertEquals(2 * 31 * 1024, seen);
    }

    @ParameterizedTest
    @EnumSource
    void everyValueStaysWhatItIs(SmallFloat format) throws IOException {
        ByteBuffer reference = reference();
        int finite = 0;
        for (int code = 0; code < 256; code++) {
            double value = value(reference, format, code);
            if (Double.isFinite(value)) {
                assertEquals(value, format.nearest(value));
                finite++;
            }
        }
        assertEquals(format == SmallFloat.E4M3 ? 254 : 248, finite);
    }

    @ParameterizedTest
    @EnumSource
    void theLargestWeightBecomesTheLargestValue(SmallFloat format) {
        // Scales 3/448 and 3/57344, neither exact in float32: the ends are kept to a part in ten million.
        Scales scales =
                new Scales(ElementType.F32, new double[] {ElementType.F32.round(format.scale(-3, 2))}, new int[] {0});
        double[] values = {-3, 0, 3e-9};
        format.round(values, 3, new int[3], scales);
        assertArrayEquals(new double[] {-3, 0, 0}, values, 3e-7);
    }
}
