package io.squisher.onnx.evaluator;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor inside the evaluator: floating-point elements are doubles, integers and booleans (0 or 1) are longs,
 * row-major. Immutable: the arrays that {@link #doubles()} and {@link #longs()} return must not be written to.
 */
public final class Value {
    private final ElementType type;
    private final int[] dims;
    private final double[] doubles;
    private final long[] longs;

    private Value(ElementType type, int[] dims, double[] doubles, long[] longs) {
        int size = Dims.size(dims);
        if (size != (doubles == null ? longs.length : doubles.length)) {
            throw new IllegalArgumentException("shape " + Arrays.toString(dims) + " does not hold "
                    + (doubles == null ? longs.length : doubles.length) + " elements");
        }
        this.type = type;
        this.dims = dims;
        this.doubles = doubles;
        this.longs = longs;
    }

    /** A value of a floating-point type. */
    public static Value of(ElementType type, int[] dims, double[] values) {
        if (!type.isFloating()) {
            throw new IllegalArgumentException(type + " is not held as doubles");
        }
        return new Value(type, dims.clone(), values, null);
    }

    /** A value of an integer type or of booleans. */
    public static Value of(ElementType type, int[] dims, long[] values) {
        if (type.isFloating()) {
            throw new IllegalArgumentException(type + " is not held as longs");
        }
        return new Value(type, dims.clone(), null, values);
    }

    /** A float32 value. */
    public static Value floats(int[] dims, double... values) {
        return of(ElementType.F32, dims, values);
    }

    /** An int64 value. */
    public static Value ints(int[] dims, long... values) {
        return of(ElementType.I64, dims, values);
    }

    /** A float32 scalar. */
    public static Value scalar(double value) {
        return floats(new int[0], value);
    }

    /** An int64 vector. */
    public static Value vector(int... values) {
        return ints(
                new int[] {values.length}, Arrays.stream(values).asLongStream().toArray());
    }

    /** Zeros of any type. */
    public static Value zeros(ElementType type, int... dims) {
        int size = Dims.size(dims);
        return type.isFloating() ? of(type, dims, new double[size]) : of(type, dims, new long[size]);
    }

    /** The elements of a tensor. */
    public static Value of(Tensor tensor) {
        int[] dims =
                Arrays.stream(tensor.shape().dims()).mapToInt(Math::toIntExact).toArray();
        return tensor.type().isFloating()
                ? of(tensor.type(), dims, tensor.toDoubles())
                : of(tensor.type(), dims, tensor.toLongs());
    }

    /** The elements of a proto that has its data with it. */
    public static Value of(TensorProto proto) {
        return of(OnnxTensors.read(proto));
    }

    /** These elements as a tensor, rounded to the type. */
    public Tensor tensor() {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(size(), type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size(); i++) {
            if (doubles != null) {
                type.putDouble(bytes, i * type.bytes(), doubles[i]);
            } else {
                type.putLong(bytes, i * type.bytes(), longs[i]);
            }
        }
        long[] shape = Arrays.stream(dims).asLongStream().toArray();
        return Tensor.of(type, Shape.of(shape), bytes);
    }

    public ElementType type() {
        return type;
    }

    public boolean isFloating() {
        return type.isFloating();
    }

    public int rank() {
        return dims.length;
    }

    public int[] dims() {
        return dims.clone();
    }

    /** The dimension of an axis; negative axes count from the end. */
    public int dim(int axis) {
        return dims[axis < 0 ? axis + dims.length : axis];
    }

    public int size() {
        return doubles == null ? longs.length : doubles.length;
    }

    /** All elements as doubles; for a floating-point type the array itself. */
    public double[] doubles() {
        return doubles == null
                ? Arrays.stream(longs).mapToDouble(this::asDouble).toArray()
                : doubles;
    }

    /** All elements as longs; for an integer type the array itself. */
    public long[] longs() {
        return longs == null
                ? Arrays.stream(doubles).mapToLong(value -> (long) value).toArray()
                : longs;
    }

    /** All elements as ints, for shapes, axes and indices; longs beyond int are clamped to it. */
    public int[] ints() {
        return Arrays.stream(longs())
                .mapToInt(value -> (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value)))
                .toArray();
    }

    public double doubleAt(int index) {
        return doubles == null ? asDouble(longs[index]) : doubles[index];
    }

    public long longAt(int index) {
        return longs == null ? (long) doubles[index] : longs[index];
    }

    /** The same elements, in the same order, in another shape. */
    public Value reshaped(int... newDims) {
        return new Value(type, newDims.clone(), doubles, longs);
    }

    /** Element i is element {@code sources[i]} of this value, or 0 where the source is negative. */
    public Value gathered(int[] newDims, int[] sources) {
        if (doubles != null) {
            double[] picked = new double[sources.length];
            for (int i = 0; i < picked.length; i++) {
                picked[i] = sources[i] < 0 ? 0 : doubles[sources[i]];
            }
            return new Value(type, newDims.clone(), picked, null);
        }
        long[] picked = new long[sources.length];
        for (int i = 0; i < picked.length; i++) {
            picked[i] = sources[i] < 0 ? 0 : longs[sources[i]];
        }
        return new Value(type, newDims.clone(), null, picked);
    }

    /** Along axis {@code axis} the slices {@code positions}, in that order; zeros where a position is negative. */
    public Value select(int axis, int[] positions) {
        int[][] all = Dims.allPositions(dims);
        all[axis] = positions;
        int[] newDims = dims.clone();
        newDims[axis] = positions.length;
        return gathered(newDims, Dims.sources(all, Dims.strides(dims)));
    }

    /** Axis i of the result is axis {@code permutation[i]} of this value. */
    public Value transposed(int... permutation) {
        int[] strides = Dims.strides(dims);
        int[] newDims = new int[dims.length];
        int[] newStrides = new int[dims.length];
        for (int i = 0; i < dims.length; i++) {
            newDims[i] = dims[permutation[i]];
            newStrides[i] = strides[permutation[i]];
        }
        return gathered(newDims, Dims.sources(Dims.allPositions(newDims), newStrides));
    }

    /** This value repeated to a shape, as NumPy broadcasts. */
    public Value broadcastTo(int... newDims) {
        return Arrays.equals(dims, newDims) ? this : gathered(newDims, Broadcast.sources(dims, newDims));
    }

    private double asDouble(long value) {
        return type == ElementType.U64 && value < 0 ? (value >>> 1) * 2.0 + (value & 1) : value;
    }

    /** As {@code F32[2, 3]}. */
    @Override
    public String toString() {
        return type + Arrays.toString(dims);
    }
}
