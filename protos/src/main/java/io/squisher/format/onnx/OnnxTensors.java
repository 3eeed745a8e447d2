package io.squisher.format.onnx;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.internal.protobuf.ByteString;
import io.squisher.internal.protobuf.UnsafeByteOperations;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Translates between ONNX's {@code TensorProto} and tensors. */
public final class OnnxTensors {
    private OnnxTensors() {}

    /** Whether the element type is one that {@link #read} can read. */
    public static boolean isReadable(TensorProto proto) {
        return OnnxElementTypes.fromOnnx(proto.getDataType()).isPresent();
    }

    /**
     * Element type and shape.
     *
     * @throws SquisherException if the element type has no whole bytes, or the shape overflows
     */
    public static TensorSpec spec(TensorProto proto) {
        ElementType type = OnnxElementTypes.fromOnnx(proto.getDataType())
                .orElseThrow(() -> new SquisherException("tensor '" + proto.getName()
                        + "' has the unsupported element type " + OnnxElementTypes.nameOf(proto.getDataType())));
        try {
            Shape shape = Shape.of(
                    proto.getDimsList().stream().mapToLong(Long::longValue).toArray());
            return new TensorSpec(type, shape);
        } catch (IllegalArgumentException e) {
            throw new SquisherException("tensor '" + proto.getName() + "': " + e.getMessage(), e);
        }
    }

    /**
     * The tensor of {@code proto}; {@code external} finds data that is in other files.
     *
     * @throws SquisherException if there is more or less data than the shape says
     */
    public static Tensor read(TensorProto proto, ExternalData external) {
        TensorSpec spec = spec(proto);
        if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            return external.tensor(proto, spec);
        }
        // Some exporters set raw_data to nothing and fill a typed field.
        boolean raw = !proto.getRawData().isEmpty();
        long elements = raw ? proto.getRawData().size() / spec.type().bytes() : typedCount(proto, spec.type());
        boolean wholeElements = !raw || proto.getRawData().size() % spec.type().bytes() == 0;
        if (elements != spec.shape().size() || !wholeElements) {
            throw new SquisherException("tensor '" + proto.getName() + "' of " + spec + " has "
                    + (raw ? Counted.of(proto.getRawData().size(), "byte") : Counted.of(elements, "element"))
                    + " of data");
        }
        ByteBuffer bytes = raw ? proto.getRawData().asReadOnlyByteBuffer() : typedData(proto, spec);
        return Tensor.of(spec.type(), spec.shape(), bytes);
    }

    /** The tensor of a {@code proto} that has its data with it. */
    public static Tensor read(TensorProto proto) {
        if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            throw new SquisherException("tensor '" + proto.getName() + "' has its data in another file");
        }
        return read(proto, null);
    }

    /** A proto with its data as raw bytes. */
    public static TensorProto write(String name, Tensor tensor) {
        return header(name, TensorSpec.of(tensor)).setRawData(bytes(tensor)).build();
    }

    /** A proto without data. */
    static TensorProto.Builder header(String name, TensorSpec spec) {
        TensorProto.Builder proto =
                TensorProto.newBuilder().setName(name).setDataType(OnnxElementTypes.toOnnx(spec.type()));
        for (long dim : spec.shape().dims()) {
            proto.addDims(dim);
        }
        return proto;
    }

    private static ByteString bytes(Tensor tensor) {
        return UnsafeByteOperations.unsafeWrap(tensor.toBytes());
    }

    private static int typedCount(TensorProto proto, ElementType type) {
        return switch (type) {
            case F32 -> proto.getFloatDataCount();
            case F64 -> proto.getDoubleDataCount();
            case I64 -> proto.getInt64DataCount();
            case U32, U64 -> proto.getUint64DataCount();
            default -> proto.getInt32DataCount();
        };
    }

    /** The typed fields hold one number an element; 16-bit floats stand as bits in {@code int32_data}. */
    private static ByteBuffer typedData(TensorProto proto, TensorSpec spec) {
        ElementType type = spec.type();
        int count = typedCount(proto, type);
        if (spec.bytes() > Integer.MAX_VALUE - 8) {
            throw new SquisherException("tensor '" + proto.getName() + "' of " + spec
                    + " is too large for typed fields; save the model with raw or external data");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) spec.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            int at = i * type.bytes();
            switch (type) {
                case F32 -> bytes.putFloat(at, proto.getFloatData(i));
                case F64 -> bytes.putDouble(at, proto.getDoubleData(i));
                case I64 -> bytes.putLong(at, proto.getInt64Data(i));
                case U64 -> bytes.putLong(at, proto.getUint64Data(i));
                case U32 -> bytes.putInt(at, (int) proto.getUint64Data(i));
                case I32 -> bytes.putInt(at, proto.getInt32Data(i));
                case U16, I16, F16, BF16 -> bytes.putShort(at, (short) proto.getInt32Data(i));
                case BOOL, U8, I8 -> bytes.put(at, (byte) proto.getInt32Data(i));
            }
        }
        return bytes;
    }
}
