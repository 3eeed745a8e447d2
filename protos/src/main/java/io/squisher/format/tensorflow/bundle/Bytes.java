package io.squisher.format.tensorflow.bundle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers as tables store them: varints of seven bits a byte, lowest first, and little-endian words. */
final class Bytes {
    private Bytes() {}

    /**
     * Reads a varint of at most 64 bits.
     *
     * @throws java.nio.BufferUnderflowException if the buffer ends inside it
     * @throws IllegalArgumentException if it is longer than ten bytes
     */
    static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = from.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a varint longer than 64 bits");
    }

    /** Reads a varint that must fit a non-negative int. */
    static int length(ByteBuffer from) {
        long value = varint(from);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the length " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    static void putVarint(ByteArrayOutputStream to, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            to.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        to.write((int) rest);
    }

    static void putInt(ByteArrayOutputStream to, int value) {
        to.writeBytes(little(4).putInt(value).array());
    }

    static void putLong(ByteArrayOutputStream to, long value) {
        to.writeBytes(little(8).putLong(value).array());
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
