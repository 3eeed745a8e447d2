package io.squisher.spark;

import io.squisher.onnx.data.NpzFile;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * The examples of an {@code .npz} file as rows of Spark's: a column for each array, flat, and the number of the example in the column
 * {@code id}.
 */
record NpzRows(Path file) {
    List<Row> rows() {
        try (NpzFile npz = NpzFile.open(file)) {
            long count = npz.arrays().values().iterator().next().shape().dim(0);
            List<IntFunction<Object>> columns = new ArrayList<>();
            npz.arrays().values().forEach(array -> columns.add(column(array)));
            List<Row> rows = new ArrayList<>();
            for (int row = 0; row < count; row++) {
                Object[] values = new Object[columns.size() + 1];
                for (int i = 0; i < columns.size(); i++) {
                    values[i] = columns.get(i).apply(row);
                }
                values[columns.size()] = (long) row;
                rows.add(RowFactory.create(values));
            }
            return rows;
        }
    }

    StructField[] fields() {
        try (NpzFile npz = NpzFile.open(file)) {
            List<StructField> fields = new ArrayList<>();
            for (Map.Entry<String, Tensor> array : npz.arrays().entrySet()) {
                DataType type = array.getValue().type().isFloating() ? DataTypes.FloatType : DataTypes.LongType;
                boolean single = array.getValue().shape().rank() == 1;
                fields.add(DataTypes.createStructField(
                        array.getKey(), single ? type : DataTypes.createArrayType(type), true));
            }
            fields.add(DataTypes.createStructField("id", DataTypes.LongType, true));
            return fields.toArray(StructField[]::new);
        }
    }

    /** The value of each row. */
    private static IntFunction<Object> column(Tensor array) {
        boolean single = array.shape().rank() == 1;
        int size = (int) (array.size() / array.shape().dim(0));
        if (array.type().isFloating()) {
            float[] all = array.toFloats();
            return row -> {
                Float[] boxed = new Float[size];
                Arrays.setAll(boxed, i -> all[row * size + i]);
                return single ? boxed[0] : boxed;
            };
        }
        long[] all = array.toLongs();
        return row -> single
                ? (Object) all[row]
                : LongStream.of(Arrays.copyOfRange(all, row * size, (row + 1) * size))
                        .boxed()
                        .toArray(Long[]::new);
    }
}
