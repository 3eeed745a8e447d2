package io.squisher.format.flax;

import io.squisher.files.FileRegion;
import io.squisher.files.FormatException;
import io.squisher.internal.msgpack.core.ExtensionTypeHeader;
import io.squisher.internal.msgpack.core.MessageFormat;
import io.squisher.internal.msgpack.core.MessagePack;
import io.squisher.internal.msgpack.core.MessageUnpacker;
import io.squisher.internal.msgpack.core.buffer.InputStreamBufferInput;
import io.squisher.tensor.ConcatenatedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.FileTensor;
import io.squisher.tensor.Shape;
import io.squisher.tensor.StridedTensor;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the structure of one file: lengths are checked against what is left before anything is made of them, arrays are passed over. */
final class FlaxReader {
    private static final int ARRAY = 1;
    private static final int SCALAR = 3;
    private static final String CHUNKED = "__msgpack_chunked_array__";
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NAME = 4096;

    /** More values than this are no model. */
    private static final int MAX_VALUES = 2_000_000;

    /** Shorter values are passed over through the buffer. */
    private static final int NEAR = 1 << 14;

    /** What stands for a value that nobody needs. */
    private static final Object OTHER = new Object();

    private final FileRegion file;
    private final MessageUnpacker unpacker;
    private long start;
    private int values;

    FlaxReader(FileRegion file) {
        this.file = file;
        this.unpacker = MessagePack.newDefaultUnpacker(file.stream());
    }

    Map<String, Object> read() throws IOException {
        if (file.size() == 0 || !unpacker.getNextFormat().getValueType().isMapType()) {
            throw FormatException.notA(file.file(), FlaxFile.FORMAT, "it does not start with a map of names");
        }
        Object root = value(0);
        if (position() != file.size()) {
            throw bad((file.size() - position()) + " bytes follow its map");
        }
        if (root instanceof Map<?, ?> map) {
            Map<String, Object> names = new LinkedHashMap<>();
            map.forEach((key, value) -> names.put((String) key, value));
            return names;
        }
        throw FormatException.notA(file.file(), FlaxFile.FORMAT, "it is one array without a name");
    }

    private long position() {
        return start + unpacker.getTotalReadBytes();
    }

    private Object value(int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw bad("it is nested deeper than " + MAX_DEPTH);
        }
        if (++values > MAX_VALUES) {
            throw bad("it has more than " + MAX_VALUES + " values");
        }
        MessageFormat format = unpacker.getNextFormat();
        return switch (format.getValueType()) {
            case MAP -> map(depth);
            case ARRAY -> list(depth);
            case EXTENSION -> extension();
            case INTEGER -> format == MessageFormat.UINT64 ? other() : (Object) unpacker.unpackLong();
            case FLOAT -> unpacker.unpackDouble();
            case STRING -> {
                skip(unpacker.unpackRawStringHeader());
                yield OTHER;
            }
            case BINARY -> {
                skip(unpacker.unpackBinaryHeader());
                yield OTHER;
            }
            default -> other();
        };
    }

    private Object other() throws IOException {
        unpacker.skipValue();
        return OTHER;
    }

    private Object map(int depth) throws IOException {
        int size = count(unpacker.unpackMapHeader(), 2);
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String key = key();
            if (map.put(key, value(depth + 1)) != null) {
                throw bad("the name '" + key + "' stands twice in one map");
            }
        }
        return map.containsKey(CHUNKED) ? chunked(map) : map;
    }

    private String key() throws IOException {
        MessageFormat format = unpacker.getNextFormat();
        if (format.getValueType().isIntegerType() && format != MessageFormat.UINT64) {
            return Long.toString(unpacker.unpackLong());
        }
        if (format.getValueType().isStringType()) {
            return text(unpacker.unpackRawStringHeader());
        }
        throw bad("a name at 0x" + Long.toHexString(position()) + " is neither text nor number");
    }

    private String text(int length) throws IOException {
        if (length > MAX_NAME || length > file.size() - position()) {
            throw bad("a name of " + length + " bytes at 0x" + Long.toHexString(position()));
        }
        return new String(unpacker.readPayload(length), StandardCharsets.UTF_8);
    }

    /** A sequence has positions for names, as Flax itself writes tuples. */
    private Object list(int depth) throws IOException {
        int size = count(unpacker.unpackArrayHeader(), 1);
        Map<String, Object> items = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            items.put(Integer.toString(i), value(depth + 1));
        }
        return items;
    }

    private int count(int size, int least) {
        if (size < 0 || (long) size * least > file.size() - position()) {
            throw bad(size + " values at 0x" + Long.toHexString(position()) + " are more than is left");
        }
        return size;
    }

    private Object extension() throws IOException {
        ExtensionTypeHeader header = unpacker.unpackExtensionTypeHeader();
        int length = count(header.getLength(), 1);
        long end = position() + length;
        if (header.getType() != ARRAY && header.getType() != SCALAR) {
            skip(length);
            return OTHER;
        }
        if (unpacker.unpackArrayHeader() != 3) {
            throw bad("an array at 0x" + Long.toHexString(position()) + " is not of three parts");
        }
        int rank = count(unpacker.unpackArrayHeader(), 1);
        long[] dims = new long[rank];
        for (int i = 0; i < rank; i++) {
            dims[i] = unpacker.unpackLong();
        }
        MessageFormat name = unpacker.getNextFormat();
        String type = text(
                name.getValueType().isBinaryType() ? unpacker.unpackBinaryHeader() : unpacker.unpackRawStringHeader());
        long bytes = unpacker.unpackBinaryHeader();
        Object array = array(type, dims, bytes);
        if (position() + bytes != end) {
            throw bad("an array at 0x" + Long.toHexString(position()) + " has " + bytes + " bytes, and "
                    + (end - position()) + " are there");
        }
        skip((int) bytes);
        return array;
    }

    private Object array(String name, long[] dims, long bytes) {
        Optional<ElementType> type = type(name);
        if (type.isEmpty()) {
            return OTHER;
        }
        Shape shape = shape(dims);
        if (bytes < 0 || shape.size() > bytes || shape.size() * type.get().bytes() != bytes) {
            throw bad("an array of " + type.get() + shape + " at 0x" + Long.toHexString(position()) + " has " + bytes
                    + " bytes");
        }
        return new FileTensor(file.file(), file.channel(), file.offset() + position(), type.get(), shape);
    }

    private Shape shape(long... dims) {
        try {
            return Shape.of(dims);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw bad(FormatException.firstLine(e));
        }
    }

    /** Empty for complex numbers, float8 and keys of random generators. */
    private static Optional<ElementType> type(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "float32" -> ElementType.F32;
                    case "float64" -> ElementType.F64;
                    case "float16" -> ElementType.F16;
                    // Flax before 0.4 wrote what NumPy calls it.
                    case "bfloat16", "V2" -> ElementType.BF16;
                    case "int8" -> ElementType.I8;
                    case "int16" -> ElementType.I16;
                    case "int32" -> ElementType.I32;
                    case "int64" -> ElementType.I64;
                    case "uint8" -> ElementType.U8;
                    case "uint16" -> ElementType.U16;
                    case "uint32" -> ElementType.U32;
                    case "uint64" -> ElementType.U64;
                    case "bool" -> ElementType.BOOL;
                    default -> null;
                });
    }

    private Object chunked(Map<String, Object> map) {
        if (!(map.get("shape") instanceof Map<?, ?> dims) || !(map.get("chunks") instanceof Map<?, ?> parts)) {
            throw bad("an array in chunks lacks its shape or its chunks");
        }
        List<Tensor> chunks = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Object chunk = parts.get(Integer.toString(i));
            if (chunk == OTHER) {
                return OTHER;
            }
            if (!(chunk instanceof Tensor tensor)) {
                throw bad("chunk " + i + " of an array is missing");
            }
            chunks.add(tensor);
        }
        long[] shape = new long[dims.size()];
        for (int i = 0; i < shape.length; i++) {
            Object dim = dims.get(Integer.toString(i));
            shape[i] = dim instanceof Long number
                    ? number
                    : dim instanceof Tensor one && one.size() == 1 ? one.toLongs()[0] : -1;
        }
        try {
            return joined(chunks, shape(shape));
        } catch (IllegalArgumentException e) {
            throw bad(e.getMessage());
        }
    }

    /** An array from its pieces, one after the other. */
    private static Tensor joined(List<Tensor> chunks, Shape shape) {
        long elements = chunks.stream().mapToLong(Tensor::size).sum();
        if (chunks.isEmpty()
                || elements != shape.size()
                || chunks.stream()
                        .anyMatch(chunk -> chunk.type() != chunks.get(0).type())) {
            throw new IllegalArgumentException(
                    "the chunks of an array " + shape + " have " + elements + " elements, or are of several types");
        }
        List<Tensor> flat = chunks.stream()
                .<Tensor>map(chunk -> StridedTensor.reshaped(chunk, Shape.of(chunk.size())))
                .toList();
        return StridedTensor.reshaped(new ConcatenatedTensor(flat, 0), shape);
    }

    private void skip(int length) throws IOException {
        if (length < 0 || length > file.size() - position()) {
            throw bad(length + " bytes at 0x" + Long.toHexString(position()) + " are more than is left");
        }
        if (length <= NEAR) {
            unpacker.readPayload(length);
            return;
        }
        // The unpacker would read what it skips.
        start = position() + length;
        unpacker.reset(new InputStreamBufferInput(file.slice(start, file.size() - start).stream()));
    }

    private FormatException bad(String why) {
        return FormatException.bad(file.file(), FlaxFile.FORMAT, why);
    }
}
