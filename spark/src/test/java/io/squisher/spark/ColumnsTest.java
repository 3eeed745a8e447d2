package io.squisher.spark;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.onnx.fisher.FisherKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;

/** The forms in which columns hold the same numbers. */
class ColumnsTest {
    private static final Fixture FIXTURE = new Fixture("mlp_relu");
    private static final FisherKind EMPIRICAL = new FisherKind.Empirical();

    /** The layout of Spark ML's vectors. */
    private static final DataType VECTOR = DataTypes.createStructType(new StructField[] {
        DataTypes.createStructField("type", DataTypes.ByteType, false),
        DataTypes.createStructField("size", DataTypes.IntegerType, true),
        DataTypes.createStructField("indices", DataTypes.createArrayType(DataTypes.IntegerType), true),
        DataTypes.createStructField("values", DataTypes.createArrayType(DataTypes.DoubleType), true)
    });

    /** The Fisher with the features in another form, and the labels in one of theirs. */
    private static void check(DataType type, Function<List<Float>, Object> form, DataType ofLabels) {
        List<Row> rows = new ArrayList<>();
        int at = List.of(FIXTURE.fields()).stream()
                .map(StructField::name)
                .toList()
                .indexOf("input");
        int labels = List.of(FIXTURE.fields()).stream()
                .map(StructField::name)
                .toList()
                .indexOf("labels");
        for (Row row : FIXTURE.rows()) {
            long label = row.getLong(labels);
            Object value = ofLabels.equals(DataTypes.BinaryType)
                    ? ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(label)
                            .array()
                    : (Object) (int) label;
            rows.add(RowFactory.create(form.apply(List.of((Float[]) row.get(at))), value));
        }
        Dataset<Row> data = LocalSpark.session().createDataFrame(rows, DataTypes.createStructType(new StructField[] {
            DataTypes.createStructField("x", type, true), DataTypes.createStructField("y", ofLabels, true)
        }));
        FisherDiagonal seen =
                SparkFisher.of(FIXTURE.model()).feed("input", "x").labels("y").run(data);
        Distance.requireBelow(1e-6, FIXTURE.alone(EMPIRICAL), seen, type.simpleString());
    }

    private static Row vector(List<Float> values, boolean sparse) {
        Double[] doubles = values.stream().map(Float::doubleValue).toArray(Double[]::new);
        Integer[] indices = new Integer[doubles.length];
        java.util.Arrays.setAll(indices, i -> i);
        return sparse
                ? RowFactory.create((byte) 0, doubles.length, indices, doubles)
                : RowFactory.create((byte) 1, null, null, doubles);
    }

    @Test
    void arraysOfDoubles() {
        check(
                DataTypes.createArrayType(DataTypes.DoubleType),
                values -> values.stream().map(Float::doubleValue).toArray(Double[]::new),
                DataTypes.IntegerType);
    }

    @Test
    void littleEndianBytes() {
        check(
                DataTypes.BinaryType,
                values -> {
                    ByteBuffer bytes = ByteBuffer.allocate(4 * values.size()).order(ByteOrder.LITTLE_ENDIAN);
                    values.forEach(bytes::putFloat);
                    return bytes.array();
                },
                DataTypes.BinaryType);
    }

    @Test
    void denseVectors() {
        check(VECTOR, values -> vector(values, false), DataTypes.IntegerType);
    }

    @Test
    void sparseVectors() {
        check(VECTOR, values -> vector(values, true), DataTypes.IntegerType);
    }
}
