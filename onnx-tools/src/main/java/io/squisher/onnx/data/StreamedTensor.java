package io.squisher.onnx.data;

import io.squisher.files.FormatException;
import io.squisher.format.npy.NpyHeader;
import io.squisher.internal.compress.archivers.zip.ZipArchiveEntry;
import io.squisher.internal.compress.archivers.zip.ZipFile;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A deflated array: reading forward goes on with the open stream, reading backward starts it anew. */
final class StreamedTensor implements Tensor {
    private static final int PIECE = 1 << 16;

    private final Path file;
    private final ZipFile zip;
    private final ZipArchiveEntry entry;
    private final NpyHeader header;
    private final byte[] piece = new byte[PIECE];
    private InputStream stream;
    private long position;

    StreamedTensor(Path file, ZipFile zip, ZipArchiveEntry entry, NpyHeader header) {
        this.file = file;
        this.zip = zip;
        this.entry = entry;
        this.header = header;
    }

    @Override
    public ElementType type() {
        return header.type();
    }

    @Override
    public Shape shape() {
        return header.shape();
    }

    @Override
    public synchronized void readBytes(long offset, ByteBuffer target) {
        try {
            seek(header.length() + offset);
            while (target.hasRemaining()) {
                int count = stream.read(piece, 0, Math.min(PIECE, target.remaining()));
                if (count < 0) {
                    throw new EOFException("the array '" + entry.getName() + "' ends early");
                }
                target.put(piece, 0, count);
                position += count;
            }
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }

    private void seek(long wanted) throws IOException {
        if (stream == null || wanted < position) {
            if (stream != null) {
                stream.close();
            }
            stream = zip.getInputStream(entry);
            position = 0;
        }
        stream.skipNBytes(wanted - position);
        position = wanted;
    }

    @Override
    public String toString() {
        return type() + shape().toString();
    }
}
