package io.squisher.tensor;

import java.nio.ByteBuffer;

/** Types of tensor elements, little-endian in memory and on disk; the names are those of the safetensors format. */
public enum ElementType {
    BOOL(1),
    U8(1),
    I8(1),
    U16(2),
    I16(2),
    U32(4),
    I32(4),
    U64(8),
    I64(8),
    F16(2),
    BF16(2),
    F32(4),
    F64(8);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether the elements are floating-point numbers. */
    public boolean isFloating() {
        return this == F16 || this == BF16 || this == F32 || this == F64;
    }

    /** The element at byte {@code offset} of a little-endian buffer. */
    public double getDouble(ByteBuffer buffer, int offset) {
        return switch (this) {
            case F32 -> buffer.getFloat(offset);
            case F64 -> buffer.getDouble(offset);
            case F16 -> HalfPrecision.float16ToFloat(buffer.getShort(offset));
            case BF16 -> HalfPrecision.bfloat16ToFloat(buffer.getShort(offset));
            case U64 -> {
                long bits = buffer.getLong(offset);
                yield bits >= 0 ? bits : (bits >>> 1) * 2.0 + (bits & 1);
            }
            default -> getLong(buffer, offset);
        };
    }

    /** The element at byte {@code offset} as an integer; floating-point values are truncated. */
    public long getLong(ByteBuffer buffer, int offset) {
        return switch (this) {
            case BOOL, U8 -> buffer.get(offset) & 0xff;
            case I8 -> buffer.get(offset);
            case U16 -> buffer.getShort(offset) & 0xffff;
            case I16 -> buffer.getShort(offset);
            case U32 -> buffer.getInt(offset) & 0xffffffffL;
            case I32 -> buffer.getInt(offset);
            case U64, I64 -> buffer.getLong(offset);
            case F16, BF16, F32, F64 -> (long) getDouble(buffer, offset);
        };
    }

    /** Stores {@code value} at byte {@code offset}, rounded to this type to nearest, ties to even. */
    public void putDouble(ByteBuffer buffer, int offset, double value) {
        switch (this) {
            case F32 -> buffer.putFloat(offset, (float) value);
            case F64 -> buffer.putDouble(offset, value);
            case F16 -> buffer.putShort(offset, HalfPrecision.floatToFloat16(HalfPrecision.roundToOdd(value)));
            case BF16 -> buffer.putShort(offset, HalfPrecision.floatToBfloat16(HalfPrecision.roundToOdd(value)));
            default -> putLong(buffer, offset, (long) value);
        }
    }

    /**
     * What is read again after {@link #putDouble} has stored {@code value}: for a floating-point type its nearest value, ties
     * to even, infinite beyond its range.
     *
     * @throws IllegalStateException for integers, which keep bits and not the nearest value
     */
    public double round(double value) {
        return switch (this) {
            case F64 -> value;
            case F32 -> (float) value;
            case F16 -> HalfPrecision.float16ToFloat(HalfPrecision.floatToFloat16(HalfPrecision.roundToOdd(value)));
            case BF16 -> HalfPrecision.bfloat16ToFloat(HalfPrecision.floatToBfloat16(HalfPrecision.roundToOdd(value)));
            default -> throw new IllegalStateException(this + " is no floating-point type");
        };
    }

    /** Stores {@code value} at byte {@code offset}; integers keep their low bits. */
    public void putLong(ByteBuffer buffer, int offset, long value) {
        switch (this) {
            case BOOL, U8, I8 -> buffer.put(offset, (byte) value);
            case U16, I16 -> buffer.putShort(offset, (short) value);
            case U32, I32 -> buffer.putInt(offset, (int) value);
            case U64, I64 -> buffer.putLong(offset, value);
            case F16, BF16, F32, F64 -> putDouble(buffer, offset, value);
        }
    }
}
