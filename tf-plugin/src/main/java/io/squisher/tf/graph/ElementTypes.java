package io.squisher.tf.graph;

import io.squisher.SquisherException;
import io.squisher.tensor.ElementType;
import org.tensorflow.proto.DataType;

/** Our names of TensorFlow's element types. */
public final class ElementTypes {
    private ElementTypes() {}

    /**
     * The element type of a TensorFlow type; reference types count as what they refer to.
     *
     * @param where what has this type, for the message
     * @throws SquisherException if we have no such type: strings, resources, complex and quantised numbers
     */
    public static ElementType of(DataType type, String where) {
        return switch (type) {
            case DT_BOOL, DT_BOOL_REF -> ElementType.BOOL;
            case DT_UINT8, DT_UINT8_REF -> ElementType.U8;
            case DT_INT8, DT_INT8_REF -> ElementType.I8;
            case DT_UINT16, DT_UINT16_REF -> ElementType.U16;
            case DT_INT16, DT_INT16_REF -> ElementType.I16;
            case DT_UINT32, DT_UINT32_REF -> ElementType.U32;
            case DT_INT32, DT_INT32_REF -> ElementType.I32;
            case DT_UINT64, DT_UINT64_REF -> ElementType.U64;
            case DT_INT64, DT_INT64_REF -> ElementType.I64;
            case DT_HALF, DT_HALF_REF -> ElementType.F16;
            case DT_BFLOAT16, DT_BFLOAT16_REF -> ElementType.BF16;
            case DT_FLOAT, DT_FLOAT_REF -> ElementType.F32;
            case DT_DOUBLE, DT_DOUBLE_REF -> ElementType.F64;
            default -> throw new SquisherException(where + " has the unsupported element type " + type);
        };
    }
}
