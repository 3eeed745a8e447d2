package io.squisher.files;

import io.squisher.Counted;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Some bytes of an open file. Reading is safe from several threads.
 *
 * @param file the file, for messages
 * @param channel the file; it may be another one (unpacked) than {@code file}
 * @param offset position of the first byte
 * @param size number of bytes
 */
public record FileRegion(Path file, FileChannel channel, long offset, long size) {
    /** Fills {@code target} from byte {@code at} of this region on. */
    public void read(long at, ByteBuffer target) {
        if (at < 0 || target.remaining() > size - at) {
            throw FormatException.unreadable(
                    file,
                    new EOFException(Counted.of(target.remaining(), "byte") + " at 0x" + Long.toHexString(offset + at)
                            + " are beyond the " + size + " that there are"));
        }
        long position = offset + at;
        try {
            while (target.hasRemaining()) {
                int count = channel.read(target, position);
                if (count < 0) {
                    throw new EOFException("the file ends at 0x" + Long.toHexString(position));
                }
                position += count;
            }
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }

    /** The part of this region from {@code at} on, {@code length} bytes long. */
    public FileRegion slice(long at, long length) {
        if (at < 0 || length < 0 || length > size - at) {
            throw FormatException.unreadable(
                    file,
                    new EOFException(
                            Counted.of(length, "byte") + " at " + at + " are beyond the " + size + " that there are"));
        }
        return new FileRegion(file, channel, offset + at, length);
    }

    /** The bytes from the first on. */
    public InputStream stream() {
        return new InputStream() {
            private long at;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int start, int length) {
                int count = (int) Math.min(length, size - at);
                if (count <= 0) {
                    return length == 0 ? 0 : -1;
                }
                FileRegion.this.read(at, ByteBuffer.wrap(target, start, count));
                at += count;
                return count;
            }
        };
    }
}
