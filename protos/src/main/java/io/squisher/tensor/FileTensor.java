package io.squisher.tensor;

import io.squisher.files.FormatException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A tensor in a file, of any size, read at its position each time. Positional reads into a kept buffer are used instead
 * of a memory map: no 2 GiB limit, nothing to unmap, and no page fault for each 4 KiB.
 */
public record FileTensor(Path file, FileChannel channel, long position, ElementType type, Shape shape)
        implements Tensor {
    @Override
    public void readBytes(long offset, ByteBuffer target) {
        long at = position + offset;
        try {
            while (target.hasRemaining()) {
                int count = channel.read(target, at);
                if (count < 0) {
                    throw new EOFException("the file ends at 0x" + Long.toHexString(at) + ", inside a tensor");
                }
                at += count;
            }
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }

    @Override
    public String toString() {
        return type() + shape().toString();
    }
}
