package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.proto.onnx.TensorShapeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * How a selected row becomes an example: found once, with the first row, and the same for all.
 *
 * @param columns one for each array, in the order of the row
 * @param numbered whether the example's number follows
 */
record RowLayout(ArrayList<ColumnLayout> columns, boolean numbered) implements Serializable {
    /**
     * An array of the examples.
     *
     * @param array its name
     * @param column the column's
     * @param dims the shape of one example
     */
    record ColumnLayout(String array, String column, ValueReader reader, long[] dims) implements Serializable {
        int elements() {
            return Math.toIntExact(LongStream.of(dims).reduce(1, Math::multiplyExact));
        }

        int bytes() {
            return Math.multiplyExact(elements(), reader.element().bytes());
        }

        Shape shape(int rows) {
            return Shape.of(
                    LongStream.concat(LongStream.of(rows), LongStream.of(dims)).toArray());
        }
    }

    /**
     * Finds types and shapes.
     *
     * @param first a selected row
     * @throws SquisherException if a column holds no numbers, or its values do not fit the input's shape
     */
    static RowLayout of(FisherSpec spec, OnnxFile model, FedColumns fed, StructType schema, InternalRow first) {
        ArrayList<ColumnLayout> columns = new ArrayList<>();
        for (String array : fed.arrays().keySet()) {
            columns.add(column(spec, model, fed, schema, array, first, columns.size()));
        }
        return new RowLayout(columns, fed.numbered());
    }

    private static ColumnLayout column(
            FisherSpec spec,
            OnnxFile model,
            FedColumns fed,
            StructType schema,
            String array,
            InternalRow first,
            int at) {
        String column = fed.arrays().get(array);
        if (first.isNullAt(at)) {
            throw new SquisherException("the column '" + column + "' is null in the first row");
        }
        Optional<ValueInfoProto> input = model.model().getGraph().getInputList().stream()
                .filter(known -> known.getName().equals(array))
                .findFirst();
        DataType type = fed.type(array, schema);
        ValueReader reader = ValueReader.of(type, elements(spec, input))
                .orElseThrow(() -> new SquisherException("the column '" + column + "' is " + type.simpleString()
                        + "; numbers, arrays of numbers, little-endian bytes and Spark ML's vectors are read"));
        long[] sizes =
                reader.sizes(first, at).stream().mapToLong(Long::longValue).toArray();
        long[] asked = spec.shapes().get(input.isPresent() ? array : column);
        if (type instanceof BinaryType && input.isPresent()) {
            return ofBytes(spec, array, column, input.get(), reader, first.getBinary(at).length, asked);
        }
        long[] dims =
                asked != null ? asked : input.map(in -> dims(spec, in, sizes)).orElse(sizes);
        if (type instanceof BinaryType && asked == null && sizes.length == 1 && sizes[0] == 1) {
            dims = new long[0];
        }
        return new ColumnLayout(array, column, reader, dims);
    }

    /** Bytes are elements of the input's type, or a byte each where only that fits. */
    private static ColumnLayout ofBytes(
            FisherSpec spec,
            String array,
            String column,
            ValueInfoProto input,
            ValueReader reader,
            int bytes,
            long... asked) {
        for (ElementType type : List.of(reader.element(), ElementType.U8)) {
            if (bytes % type.bytes() == 0) {
                long count = bytes / type.bytes();
                long[] dims = asked != null ? asked : dims(spec, input, count);
                if (LongStream.of(dims).reduce(1, (a, b) -> a * b) == count) {
                    return new ColumnLayout(array, column, new ValueReader.Bytes(type), dims);
                }
            }
        }
        throw new SquisherException(
                "the column '" + column + "' has " + bytes + " bytes in the first row, which fit the input '" + array
                        + "' " + shape(input) + " neither as " + reader.element() + " nor as a byte each");
    }

    private static ElementType elements(FisherSpec spec, Optional<ValueInfoProto> input) {
        if (input.isPresent()) {
            return OnnxElementTypes.fromOnnx(
                            input.get().getType().getTensorType().getElemType())
                    .orElse(ElementType.F32);
        }
        boolean classes = spec.likelihood() instanceof Likelihood.Categorical
                || spec.likelihood() instanceof Likelihood.CategoricalTokens;
        return classes ? ElementType.I64 : ElementType.F32;
    }

    /**
     * The shape of one example of an input: as the column's arrays are nested, or, where it has one long array for an input of
     * several axes, as the model declares it, with at most one free axis that the length decides.
     */
    private static long[] dims(FisherSpec spec, ValueInfoProto input, long... sizes) {
        TensorShapeProto declared = input.getType().getTensorType().getShape();
        int rank = declared.getDimCount();
        boolean known = input.getType().getTensorType().hasShape();
        if (!known
                || sizes.length > 1
                || sizes.length == 1 && rank <= 2 && spec.axes().get(input.getName()) == null) {
            return sizes;
        }
        long count = LongStream.of(sizes).reduce(1, (a, b) -> a * b);
        Integer said = spec.axes().get(input.getName());
        List<Integer> axes = new ArrayList<>();
        if (said == null) {
            axes.add(0);
            axes.add(-1);
            for (int axis = 1; axis < rank; axis++) {
                axes.add(axis);
            }
        } else {
            axes.add(said < 0 ? said + rank : said);
        }
        return axes.stream()
                .flatMap(axis -> filled(declared, axis, count).stream())
                .findFirst()
                .orElse(sizes);
    }

    /** The sizes of all axes but one, so that they make {@code count} elements. */
    private static Optional<long[]> filled(TensorShapeProto declared, int without, long count) {
        List<Long> dims = new ArrayList<>();
        int free = -1;
        long fixed = 1;
        for (int axis = 0; axis < declared.getDimCount(); axis++) {
            if (axis == without) {
                continue;
            }
            long size =
                    declared.getDim(axis).hasDimValue() ? declared.getDim(axis).getDimValue() : 0;
            if (size > 0) {
                fixed *= size;
            } else if (free >= 0) {
                return Optional.empty();
            } else {
                free = dims.size();
            }
            dims.add(size);
        }
        if (free < 0 ? fixed != count : count == 0 || count % fixed != 0) {
            return Optional.empty();
        }
        if (free >= 0) {
            dims.set(free, count / fixed);
        }
        return Optional.of(dims.stream().mapToLong(Long::longValue).toArray());
    }

    private static String shape(ValueInfoProto input) {
        List<String> dims = new ArrayList<>();
        input.getType()
                .getTensorType()
                .getShape()
                .getDimList()
                .forEach(dim -> dims.add(dim.hasDimValue() ? Long.toString(dim.getDimValue()) : "?"));
        return dims.toString();
    }

    /** Bytes of one example. */
    long bytes() {
        return columns.stream().mapToLong(ColumnLayout::bytes).sum() + (numbered ? Long.BYTES : 0);
    }

    /** The columns, for messages. */
    List<String> names() {
        return columns.stream().map(ColumnLayout::column).toList();
    }

    /** The position of the group in a row, where there is one. */
    int group() {
        return file() + 2;
    }

    /** The position of the file's name in a row. */
    int file() {
        return columns.size() + (numbered ? 1 : 0);
    }
}
