package io.squisher.onnx.evaluator.elementwise;

import io.squisher.tensor.ElementType;

/** Integers of the widths that ONNX knows, held in longs. */
final class Integers {
    private Integers() {}

    /** The low bits of {@code value} as a number of the type; booleans are 0 or 1. */
    static long wrap(ElementType type, long value) {
        return switch (type) {
            case BOOL -> value == 0 ? 0 : 1;
            case U8 -> value & 0xff;
            case I8 -> (byte) value;
            case U16 -> value & 0xffff;
            case I16 -> (short) value;
            case U32 -> value & 0xffffffffL;
            case I32 -> (int) value;
            default -> value;
        };
    }

    /** Division that rounds toward zero. */
    static long divide(ElementType type, long a, long b) {
        return type == ElementType.U64 ? Long.divideUnsigned(a, b) : a / b;
    }

    static int compare(ElementType type, long a, long b) {
        return type == ElementType.U64 ? Long.compareUnsigned(a, b) : Long.compare(a, b);
    }

    /** base^exponent with overflow; the exponent is not negative. */
    static long power(long base, long exponent) {
        long result = 1;
        for (long left = exponent; left > 0; left >>= 1) {
            if ((left & 1) != 0) {
                result *= base;
            }
            base *= base;
        }
        return result;
    }
}
