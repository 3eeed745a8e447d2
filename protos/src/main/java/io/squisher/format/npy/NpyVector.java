package io.squisher.format.npy;

import io.squisher.files.AtomicFile;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** A {@code .npy} file of float64 numbers {@code [N]} that are written as they come; it appears whole, or not at all. */
public final class NpyVector implements AutoCloseable {
    private final AtomicFile file;
    private final long size;
    private long written;

    private NpyVector(AtomicFile file, long size) {
        this.file = file;
        this.size = size;
    }

    /**
     * Begins a file.
     *
     * @param size how many numbers will come
     */
    public static NpyVector create(Path path, long size) {
        AtomicFile file = AtomicFile.create(path);
        file.append(ByteBuffer.wrap(NpyWriter.header(ElementType.F64, Shape.of(size))));
        return new NpyVector(file, size);
    }

    /** Adds numbers at the end. */
    public void append(double... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(numbers);
        file.append(bytes);
        written += numbers.length;
    }

    /** Puts the file into its place. */
    public void commit() {
        if (written != size) {
            throw new IllegalStateException(written + " numbers were written, " + size + " were promised");
        }
        file.commit();
    }

    @Override
    public void close() {
        file.close();
    }
}
