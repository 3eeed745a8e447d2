package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.tensor.ElementType;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/** How the values of one column become elements of a tensor. */
sealed interface ValueReader extends Serializable {
    /** The type of the elements that are written. */
    ElementType element();

    /**
     * The sizes of a value that is not null, outermost first; none for a single number. Only of the first in each array.
     *
     * @param bytes how many bytes of a value make an element, where it is of bytes
     */
    List<Long> sizes(SpecializedGetters row, int ordinal);

    /**
     * Appends a value.
     *
     * @param count how many elements it must have
     * @throws SquisherException if it has more or fewer, or one is null; the message goes on after the name of the column
     */
    void copy(SpecializedGetters row, int ordinal, ByteBuffer target, int count);

    /**
     * The reader of a column.
     *
     * @param ofBytes the type of elements that stand in a column of bytes
     * @return empty where the column holds no numbers
     */
    static Optional<ValueReader> of(DataType type, ElementType ofBytes) {
        if (type instanceof UserDefinedType<?> defined) {
            return of(defined.sqlType(), ofBytes);
        }
        if (type.equals(DataTypes.BinaryType)) {
            return Optional.of(new Bytes(ofBytes));
        }
        if (type instanceof StructType struct && Vector.isOne(struct)) {
            return Optional.of(new Vector());
        }
        if (type instanceof ArrayType array) {
            int depth = 1;
            DataType inner = array.elementType();
            while (inner instanceof ArrayType nested) {
                inner = nested.elementType();
                depth++;
            }
            int axes = depth;
            return ValueType.of(inner).map(value -> new Arrays(value, axes));
        }
        return ValueType.of(type).map(Single::new);
    }

    private static SquisherException wrongCount(long seen, int expected) {
        return new SquisherException("has " + seen + " values, " + expected + " are expected");
    }

    /** A number. */
    record Single(ValueType type) implements ValueReader {
        @Override
        public ElementType element() {
            return type.element();
        }

        @Override
        public List<Long> sizes(SpecializedGetters row, int ordinal) {
            return List.of();
        }

        @Override
        public void copy(SpecializedGetters row, int ordinal, ByteBuffer target, int count) {
            if (count != 1) {
                throw wrongCount(1, count);
            }
            type.copy(row, ordinal, target);
        }
    }

    /** An array of numbers, or of arrays of such. */
    record Arrays(ValueType type, int depth) implements ValueReader {
        @Override
        public ElementType element() {
            return type.element();
        }

        @Override
        public List<Long> sizes(SpecializedGetters row, int ordinal) {
            List<Long> sizes = new ArrayList<>();
            SpecializedGetters at = row;
            int where = ordinal;
            for (int axis = 0; axis < depth; axis++) {
                ArrayData array = at.getArray(where);
                sizes.add((long) array.numElements());
                if (array.numElements() == 0 || array.isNullAt(0)) {
                    break;
                }
                at = array;
                where = 0;
            }
            return sizes;
        }

        @Override
        public void copy(SpecializedGetters row, int ordinal, ByteBuffer target, int count) {
            int copied = copy(row.getArray(ordinal), 1, target, count);
            if (copied != count) {
                throw wrongCount(copied, count);
            }
        }

        private int copy(ArrayData array, int axis, ByteBuffer target, int room) {
            int size = array.numElements();
            if (axis == depth) {
                if (size > room) {
                    throw new SquisherException("has at least " + size + " values, " + room + " are expected");
                }
                for (int i = 0; i < size; i++) {
                    if (array.isNullAt(i)) {
                        throw new SquisherException("has null at " + i);
                    }
                    type.copy(array, i, target);
                }
                return size;
            }
            int copied = 0;
            int each = -1;
            for (int i = 0; i < size; i++) {
                if (array.isNullAt(i)) {
                    throw new SquisherException("has null at " + i);
                }
                int inner = copy(array.getArray(i), axis + 1, target, room - copied);
                if (each >= 0 && inner != each) {
                    throw new SquisherException(
                            "is ragged: " + each + " values in one array and " + inner + " in another beside it");
                }
                each = inner;
                copied += inner;
            }
            return copied;
        }
    }

    /** Elements as they stand in memory, little-endian. */
    record Bytes(ElementType element) implements ValueReader {
        @Override
        public List<Long> sizes(SpecializedGetters row, int ordinal) {
            return List.of((long) row.getBinary(ordinal).length / element.bytes());
        }

        @Override
        public void copy(SpecializedGetters row, int ordinal, ByteBuffer target, int count) {
            byte[] bytes = row.getBinary(ordinal);
            if (bytes.length != (long) count * element.bytes()) {
                throw new SquisherException("has " + bytes.length + " bytes, " + (long) count * element.bytes()
                        + " are expected: " + count + " of " + element);
            }
            target.put(bytes);
        }
    }

    /** A vector of Spark ML, dense or sparse: type, size, indices and values. */
    record Vector() implements ValueReader {
        private static final int FIELDS = 4;
        private static final int SIZE = 1;
        private static final int INDICES = 2;
        private static final int VALUES = 3;

        static boolean isOne(StructType type) {
            return type.length() == FIELDS
                    && List.of(type.fieldNames()).equals(List.of("type", "size", "indices", "values"))
                    && type.apply(VALUES).dataType() instanceof ArrayType values
                    && values.elementType().equals(DataTypes.DoubleType)
                    && type.apply(INDICES).dataType() instanceof ArrayType indices
                    && indices.elementType().equals(DataTypes.IntegerType);
        }

        @Override
        public ElementType element() {
            return ElementType.F64;
        }

        @Override
        public List<Long> sizes(SpecializedGetters row, int ordinal) {
            SpecializedGetters vector = row.getStruct(ordinal, FIELDS);
            return List.of((long)
                    (isSparse(vector)
                            ? vector.getInt(SIZE)
                            : vector.getArray(VALUES).numElements()));
        }

        private static boolean isSparse(SpecializedGetters vector) {
            return vector.getByte(0) == 0;
        }

        @Override
        public void copy(SpecializedGetters row, int ordinal, ByteBuffer target, int count) {
            SpecializedGetters vector = row.getStruct(ordinal, FIELDS);
            double[] values = vector.getArray(VALUES).toDoubleArray();
            int size = isSparse(vector) ? vector.getInt(SIZE) : values.length;
            if (size != count) {
                throw wrongCount(size, count);
            }
            int start = target.position();
            if (isSparse(vector)) {
                int[] indices = vector.getArray(INDICES).toIntArray();
                for (int i = 0; i < size; i++) {
                    target.putDouble(0);
                }
                for (int i = 0; i < indices.length; i++) {
                    target.putDouble(start + java.util.Objects.checkIndex(indices[i], size) * Double.BYTES, values[i]);
                }
            } else {
                for (double value : values) {
                    target.putDouble(value);
                }
            }
        }
    }
}
