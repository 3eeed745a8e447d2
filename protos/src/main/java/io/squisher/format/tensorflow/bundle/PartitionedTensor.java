package io.squisher.format.tensorflow.bundle;

import io.squisher.Counted;
import io.squisher.files.FormatException;
import io.squisher.internal.protobuf.InvalidProtocolBufferException;
import io.squisher.proto.tensorflow.BundleEntryProto;
import io.squisher.proto.tensorflow.TensorSliceProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Puts a tensor together that a checkpoint keeps in boxes, each with an entry of its own. */
final class PartitionedTensor {
    private final byte[] whole;
    private final long[] dims;
    private final int width;

    private PartitionedTensor(byte[] whole, Shape shape, int width) {
        this.whole = whole;
        this.dims = shape.dims();
        this.width = width;
    }

    /** Whether the boxes of an entry are as many elements as the whole tensor; those that lie elsewhere are refused when it is read. */
    static boolean isCovered(Shape whole, BundleEntryProto entry) {
        double covered = 0;
        for (TensorSliceProto slice : entry.getSlicesList()) {
            double part = 1;
            for (int axis = 0; axis < Math.min(whole.rank(), slice.getExtentCount()); axis++) {
                TensorSliceProto.Extent extent = slice.getExtent(axis);
                part *= extent.hasLength() ? extent.getLength() : whole.dim(axis);
            }
            covered += part;
        }
        return covered >= whole.size();
    }

    /**
     * The whole tensor, in memory.
     *
     * @param parts the serialised entry of a slice
     * @throws FormatException if the parts do not cover it once each
     */
    static Tensor of(
            BundleShards shards, String name, BundleEntryProto entry, Function<TensorSliceProto, byte[]> parts) {
        Shape shape = shards.shape(name, entry);
        ElementType type = BundleElementTypes.of(entry.getDtype()).orElseThrow();
        long size = Math.multiplyExact(shape.size(), type.bytes());
        if (size > Integer.MAX_VALUE - 8) {
            throw FormatException.unsupported(
                    shards.file(entry),
                    BundleFile.FORMAT,
                    "the partitioned tensor '" + name + "' has " + Counted.of(size, "byte")
                            + ", at most 2 GiB are read");
        }
        // The parts first: memory is taken only for elements that are there.
        Map<TensorSliceProto, Tensor> read = new LinkedHashMap<>();
        long covered = 0;
        for (TensorSliceProto slice : entry.getSlicesList()) {
            try {
                Tensor part = shards.tensor(name, BundleEntryProto.parseFrom(parts.apply(slice)));
                covered += part.size();
                read.put(slice, part);
            } catch (InvalidProtocolBufferException e) {
                throw unfit(shards, name, entry);
            }
        }
        if (covered != shape.size()) {
            throw FormatException.bad(
                    shards.file(entry),
                    BundleFile.FORMAT,
                    "the parts of tensor '" + name + "' have " + Counted.of(covered, "element") + ", the whole "
                            + shape.size());
        }
        PartitionedTensor tensor = new PartitionedTensor(new byte[(int) size], shape, type.bytes());
        for (Map.Entry<TensorSliceProto, Tensor> part : read.entrySet()) {
            try {
                tensor.put(part.getKey(), part.getValue());
            } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
                throw unfit(shards, name, entry);
            }
        }
        return Tensor.of(type, shape, ByteBuffer.wrap(tensor.whole));
    }

    private static FormatException unfit(BundleShards shards, String name, BundleEntryProto entry) {
        return FormatException.bad(
                shards.file(entry), BundleFile.FORMAT, "a part of tensor '" + name + "' does not fit");
    }

    private void put(TensorSliceProto slice, Tensor part) {
        int rank = dims.length;
        long[] start = new long[rank];
        long[] length = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            TensorSliceProto.Extent extent = slice.getExtent(axis);
            start[axis] = extent.hasLength() ? extent.getStart() : 0;
            length[axis] = extent.hasLength() ? extent.getLength() : dims[axis];
            if (start[axis] < 0 || length[axis] < 0 || start[axis] > dims[axis] - length[axis]) {
                throw new IllegalArgumentException("slice outside of the tensor");
            }
        }
        if (Shape.of(length).size() != part.size()) {
            throw new IllegalArgumentException("slice and its entry differ");
        }
        ByteBuffer bytes = part.toBytes();
        int row = rank == 0 ? width : Math.toIntExact(length[rank - 1] * width);
        long[] at = new long[rank];
        while (bytes.hasRemaining()) {
            long element = 0;
            for (int axis = 0; axis < rank; axis++) {
                element = element * dims[axis] + start[axis] + at[axis];
            }
            bytes.get(whole, Math.toIntExact(element * width), row);
            // The next row: all axes but the last count up.
            for (int axis = rank - 2; axis >= 0 && ++at[axis] == length[axis]; axis--) {
                at[axis] = 0;
            }
        }
    }
}
