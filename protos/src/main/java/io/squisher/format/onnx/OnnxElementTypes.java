package io.squisher.format.onnx;

import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.ElementType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** ONNX's numbers for the element types that have whole bytes. */
public final class OnnxElementTypes {
    private static final Map<ElementType, DataType> TO_ONNX = new EnumMap<>(Map.ofEntries(
            Map.entry(ElementType.BOOL, DataType.BOOL),
            Map.entry(ElementType.U8, DataType.UINT8),
            Map.entry(ElementType.I8, DataType.INT8),
            Map.entry(ElementType.U16, DataType.UINT16),
            Map.entry(ElementType.I16, DataType.INT16),
            Map.entry(ElementType.U32, DataType.UINT32),
            Map.entry(ElementType.I32, DataType.INT32),
            Map.entry(ElementType.U64, DataType.UINT64),
            Map.entry(ElementType.I64, DataType.INT64),
            Map.entry(ElementType.F16, DataType.FLOAT16),
            Map.entry(ElementType.BF16, DataType.BFLOAT16),
            Map.entry(ElementType.F32, DataType.FLOAT),
            Map.entry(ElementType.F64, DataType.DOUBLE)));

    private OnnxElementTypes() {}

    /** The element type of ONNX's number {@code dataType}; empty for strings, complex and packed types. */
    public static Optional<ElementType> fromOnnx(int dataType) {
        return TO_ONNX.entrySet().stream()
                .filter(entry -> entry.getValue().getNumber() == dataType)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** ONNX's number of an element type. */
    public static int toOnnx(ElementType type) {
        return TO_ONNX.get(type).getNumber();
    }

    /** The standard's name of a number, for messages. */
    public static String nameOf(int dataType) {
        DataType known = DataType.forNumber(dataType);
        return known == null ? "type " + dataType : known.name().toLowerCase(java.util.Locale.ROOT);
    }
}
