package io.squisher.format.pickle;

import io.squisher.Counted;
import io.squisher.files.FileRegion;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, read forward through one buffer; lengths are checked before memory is taken. */
final class PickleInput {
    /** No string or number in a checkpoint is longer; weights stand outside the pickle. */
    private static final int MAX_TEXT = 64 << 20;

    /** All strings and numbers together. */
    private static final long MAX_TEXTS = 128 << 20;

    private final FileRegion region;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private long next;
    private long texts;

    PickleInput(FileRegion region, long start) {
        this.region = region;
        this.next = start;
        buffer.limit(0);
    }

    /** Position of the next byte, counted from the start of the region. */
    long position() {
        return next - buffer.remaining();
    }

    int unsignedByte() {
        return need(1).get() & 0xff;
    }

    int unsignedShort() {
        return need(2).getShort() & 0xffff;
    }

    int signedInt() {
        return need(4).getInt();
    }

    long unsignedInt() {
        return need(4).getInt() & 0xffffffffL;
    }

    long signedLong() {
        return need(8).getLong();
    }

    double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(need(8).getLong()));
    }

    byte[] bytes(long length) {
        if (length < 0 || length > MAX_TEXT || length > region.size() - position()) {
            throw new IllegalArgumentException("a value of " + Counted.of(length, "byte") + " at 0x"
                    + Long.toHexString(position()) + " is more than is left or plausible");
        }
        countText(length);
        byte[] bytes = new byte[(int) length];
        int fromBuffer = Math.min(bytes.length, buffer.remaining());
        buffer.get(bytes, 0, fromBuffer);
        if (fromBuffer < bytes.length) {
            region.read(next, ByteBuffer.wrap(bytes, fromBuffer, bytes.length - fromBuffer));
            next += bytes.length - fromBuffer;
        }
        return bytes;
    }

    String utf8(long length) {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    /** A line of the text protocol, without its end. */
    String line() {
        StringBuilder line = new StringBuilder();
        for (int c = unsignedByte(); c != '\n'; c = unsignedByte()) {
            if (line.length() > MAX_TEXT / 64) {
                throw new IllegalArgumentException("a line without end at 0x" + Long.toHexString(position()));
            }
            line.append((char) c);
        }
        countText(line.length());
        return line.toString();
    }

    private void countText(long length) {
        texts += length;
        if (texts > MAX_TEXTS) {
            throw new IllegalArgumentException("strings of more than " + MAX_TEXTS + " bytes");
        }
    }

    /** A little-endian two's complement number: a Long if it fits. */
    Object number(long length) {
        byte[] bytes = bytes(length);
        for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
            byte swapped = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = swapped;
        }
        return narrow(bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes));
    }

    static Object narrow(BigInteger number) {
        return number.bitLength() < 64 ? (Object) number.longValue() : number;
    }

    private ByteBuffer need(int count) {
        if (buffer.remaining() < count) {
            buffer.compact();
            int more = (int) Math.min(buffer.remaining(), region.size() - next);
            buffer.limit(buffer.position() + more);
            region.read(next, buffer);
            next += more;
            buffer.flip();
            if (buffer.remaining() < count) {
                throw new IllegalArgumentException("truncated at 0x" + Long.toHexString(region.size()));
            }
        }
        return buffer;
    }
}
