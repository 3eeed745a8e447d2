package io.squisher.format.tensorflow.bundle;

import io.squisher.proto.tensorflow.TensorSliceProto;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The key of a partitioned tensor's part: 0, the name, the rank, then start and length of each axis, in an encoding whose
 * bytes sort as the values do.
 */
final class SliceKey {
    /** The length that stands for a whole axis. */
    private static final long WHOLE = -1;

    private SliceKey() {}

    static byte[] of(String name, TensorSliceProto slice) {
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        putNumber(key, 0);
        putString(key, name);
        putNumber(key, slice.getExtentCount());
        for (TensorSliceProto.Extent extent : slice.getExtentList()) {
            putSigned(key, extent.hasLength() ? extent.getStart() : 0);
            putSigned(key, extent.hasLength() ? extent.getLength() : WHOLE);
        }
        return key.toByteArray();
    }

    /** The number of bytes, then the bytes, highest first. */
    private static void putNumber(ByteArrayOutputStream to, long value) {
        int length = (64 - Long.numberOfLeadingZeros(value) + 7) / 8;
        to.write(length);
        for (int i = length - 1; i >= 0; i--) {
            to.write((int) (value >>> 8 * i));
        }
    }

    /** 00 becomes 00 FF and FF becomes FF 00; 00 01 ends it. */
    private static void putString(ByteArrayOutputStream to, String text) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            to.write(b);
            if (b == 0) {
                to.write(0xff);
            } else if (b == (byte) 0xff) {
                to.write(0);
            }
        }
        to.write(0);
        to.write(1);
    }

    /** As many leading ones as there are bytes, then the number, its sign inverted into the first free bit. */
    private static void putSigned(ByteArrayOutputStream to, long value) {
        int bits = 64 - Long.numberOfLeadingZeros(value < 0 ? ~value : value);
        int length = bits / 7 + 1;
        byte[] buffer = new byte[10];
        ByteBuffer.wrap(buffer).putShort((short) (value < 0 ? -1 : 0)).putLong(value);
        int begin = buffer.length - length;
        if (length < 8) {
            buffer[begin] ^= (byte) (0xff00 >> length);
        } else {
            buffer[begin] ^= (byte) 0xff;
            buffer[begin + 1] ^= (byte) (0xff00 >> length - 8);
        }
        to.write(buffer, begin, length);
    }
}
