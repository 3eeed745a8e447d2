package io.squisher.format.hdf5;

import io.squisher.files.FormatException;
import io.squisher.internal.jhdf.api.Dataset;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.TypedTensor;
import java.lang.ref.SoftReference;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/** A dataset in chunks or compressed: unpacked whole when it is read, and kept while memory lasts. */
final class Hdf5Tensor extends TypedTensor {
    private final Path path;
    private final Dataset dataset;
    private SoftReference<ByteBuffer> unpacked = new SoftReference<>(null);

    Hdf5Tensor(Path path, Dataset dataset, ElementType type, Shape shape) {
        super(type, shape);
        this.path = path;
        this.dataset = dataset;
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        ByteBuffer bytes = unpacked();
        int count = target.remaining();
        target.put(target.position(), bytes, Math.toIntExact(offset), count);
        target.position(target.position() + count);
    }

    private synchronized ByteBuffer unpacked() {
        ByteBuffer bytes = unpacked.get();
        if (bytes == null) {
            bytes = unpack();
            unpacked = new SoftReference<>(bytes);
        }
        return bytes;
    }

    private ByteBuffer unpack() {
        if (byteSize() > Integer.MAX_VALUE - 8) {
            throw FormatException.unsupported(
                    path, Hdf5File.FORMAT, "the compressed dataset '" + dataset.getPath() + "' is larger than 2 GiB");
        }
        Optional<Object> read =
                Hdf5File.guarded(path, () -> dataset.isEmpty() ? Optional.empty() : Optional.of(dataset.getDataFlat()));
        Object values = read.orElse(null);
        ByteBuffer bytes = ByteBuffer.allocate((int) byteSize()).order(ByteOrder.LITTLE_ENDIAN);
        if (values == null) {
            return bytes;
        }
        boolean array = values.getClass().isArray();
        if (array && Array.getLength(values) != size()) {
            throw FormatException.bad(
                    path, Hdf5File.FORMAT, "the dataset '" + dataset.getPath() + "' has other values than its shape()");
        }
        if (values instanceof float[] floats && type() == ElementType.F32) {
            bytes.asFloatBuffer().put(floats);
            return bytes;
        }
        for (int i = 0; i < size(); i++) {
            Object value = array ? Array.get(values, i) : values;
            if (type() == ElementType.BF16) {
                bytes.putShort(i * 2, ((Number) value).shortValue());
            } else {
                put(bytes, i * type().bytes(), (Number) value);
            }
        }
        return bytes;
    }

    private void put(ByteBuffer bytes, int at, Number value) {
        switch (type()) {
            case I64, U64 -> bytes.putLong(at, value.longValue());
            default -> type().putDouble(bytes, at, value.doubleValue());
        }
    }
}
