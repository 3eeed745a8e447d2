package io.squisher.onnx.reading.stored;

import io.squisher.SquisherException;
import io.squisher.format.onnx.ExternalData;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.SparseTensorProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tensors of a file as the graph needs them: in memory, dense, in float32 where they are not integers. */
public final class StoredTensors {
    /** Where the data of large tensors begins: at multiples of a cache line. */
    private static final int ALIGNMENT = 64;

    private static final int SMALLEST_OUTSIDE = 1 << 14;

    private StoredTensors() {}

    /** The initializers of {@code proto}. */
    public static Map<String, TensorProto> initializers(OnnxFile file, GraphProto proto) {
        Map<String, TensorProto> initializers = new LinkedHashMap<>();
        try (ExternalData external = new ExternalData(file.path())) {
            for (TensorProto initializer : proto.getInitializerList()) {
                boolean isExternal = initializer.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
                TensorProto here = isExternal
                        ? inMemory(initializer.getName(), OnnxTensors.read(initializer, external))
                        : initializer;
                initializers.put(initializer.getName(), Float32.of(here));
            }
        }
        for (SparseTensorProto sparse : proto.getSparseInitializerList()) {
            String name = sparse.getValues().getName();
            initializers.put(
                    name, Float32.of(dense(sparse).toBuilder().setName(name).build()));
        }
        return initializers;
    }

    /** Outside the heap where it is large, so aligned that ONNX Runtime can read it where it is. */
    private static TensorProto inMemory(String name, Tensor tensor) {
        if (tensor.byteSize() < SMALLEST_OUTSIDE || tensor.byteSize() > Integer.MAX_VALUE - 2L * ALIGNMENT) {
            return OnnxTensors.write(name, tensor);
        }
        int bytes = (int) tensor.byteSize();
        // An aligned slice begins and ends at multiples: it may lose nearly one at each side.
        ByteBuffer target = ByteBuffer.allocateDirect(bytes + 2 * ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .limit(bytes)
                .slice();
        tensor.readBytes(0, target.duplicate());
        return OnnxTensors.write(name, Tensor.of(tensor.type(), tensor.shape(), target));
    }

    /**
     * A sparse tensor written out.
     *
     * @throws SquisherException if an index is outside the shape
     */
    public static TensorProto dense(SparseTensorProto sparse) {
        Shape shape = Shape.of(
                sparse.getDimsList().stream().mapToLong(Long::longValue).toArray());
        Tensor values = OnnxTensors.read(sparse.getValues());
        Tensor indices = OnnxTensors.read(sparse.getIndices());
        ElementType type = values.type();
        long bytes = shape.size() * type.bytes();
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new SquisherException("the sparse tensor '"
                    + sparse.getValues().getName() + "' of " + shape + " is too large to be written out");
        }
        ByteBuffer target = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer source = values.toBytes();
        long[] flat = flat(indices, shape);
        for (int i = 0; i < flat.length; i++) {
            if (flat[i] < 0 || flat[i] >= shape.size()) {
                throw new SquisherException("the sparse tensor '"
                        + sparse.getValues().getName() + "' of " + shape + " has an element outside its shape");
            }
            for (int at = 0; at < type.bytes(); at++) {
                target.put((int) flat[i] * type.bytes() + at, source.get(i * type.bytes() + at));
            }
        }
        return OnnxTensors.write("", Tensor.of(type, shape, target));
    }

    /** Indices are counted through the whole tensor, or given for each axis. */
    private static long[] flat(Tensor indices, Shape shape) {
        long[] given = indices.toLongs();
        if (indices.shape().rank() < 2) {
            return given;
        }
        int rank = shape.rank();
        long[] flat = new long[given.length / rank];
        for (int i = 0; i < given.length; i++) {
            flat[i / rank] = flat[i / rank] * shape.dim(i % rank) + given[i];
        }
        return flat;
    }
}
