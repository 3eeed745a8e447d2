package io.squisher.spark;

import io.squisher.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** A type of single numbers in columns and arrays, and what it is in a tensor. */
enum ValueType {
    BOOLEAN(DataTypes.BooleanType, ElementType.BOOL) {
        @Override
        void copy(SpecializedGetters from, int ordinal, ByteBuffer target) {
            target.put((byte) (from.getBoolean(ordinal) ? 1 : 0));
        }
    },
    BYTE(DataTypes.ByteType, ElementType.I8) {
        @Override
        void copy(SpecializedGetters from, int ordinal, ByteBuffer target) {
            target.put(from.getByte(ordinal));
        }
    },
    SHORT(DataTypes.ShortType, ElementType.I16) {
        @Override
        void copy(SpecializedGetters from, int ordinal, ByteBuffer target) {
            target.putShort(from.getShort(ordinal));
        }
    },
    INTEGER(DataTypes.IntegerType, ElementType.I32) {
        @Override
        void copy(SpecializedGetters from, int ordinal, ByteBuffer target) {
            target.putInt(from.getInt(ordinal));
        }
    },
    LONG(DataTypes.LongType, ElementType.I64) {
        @Override
        void copy(SpecializedGetters from, int ordinal, ByteBuffer target) {
            target.putLong(from.getLong(ordinal));
        }
    },
    FLOAT(DataTypes.FloatType, ElementType.F32) {
        @Override
        void copy(SpecializedGetters from, int ordinal, ByteBuffer target) {
            target.putFloat(from.getFloat(ordinal));
        }
    },
    DOUBLE(DataTypes.DoubleType, ElementType.F64) {
        @Override
        void copy(SpecializedGetters from, int ordinal, ByteBuffer target) {
            target.putDouble(from.getDouble(ordinal));
        }
    };

    private final DataType spark;
    private final ElementType element;

    ValueType(DataType spark, ElementType element) {
        this.spark = spark;
        this.element = element;
    }

    /** Appends the number at {@code ordinal} of a row or an array, which is not null. */
    abstract void copy(SpecializedGetters from, int ordinal, ByteBuffer target);

    ElementType element() {
        return element;
    }

    /** The type of Spark's; empty for texts, dates, decimals and all that is no plain number. */
    static Optional<ValueType> of(DataType type) {
        for (ValueType known : values()) {
            if (known.spark.equals(type)) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }
}
