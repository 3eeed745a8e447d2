package io.squisher.spark;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** What the cluster computes the Fisher of: a reference case repeated, and a network of 25 million parameters. */
final class ClusterData {
    private static final Fixture SMALL = new Fixture("lenet_cnn");
    static final Path SMALL_MODEL = SMALL.model().toAbsolutePath().normalize();
    static final int LARGE_ROWS = 48;

    private static final int FEATURES = 256;
    private static final int FIRST = 4096;
    private static final int SECOND = 5888;
    private static final int CLASSES = 10;
    private static final long SEED = 11;

    private ClusterData() {}

    /** Rows in four files, so that there are four partitions, numbered in the column {@code id}. */
    static void writeSmall(Path target, long rows) {
        List<Row> once = SMALL.rows();
        List<Row> all = new ArrayList<>();
        for (long row = 0; row < rows; row++) {
            Row from = once.get((int) (row % once.size()));
            Object[] values = new Object[from.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = from.get(i);
            }
            values[values.length - 1] = row;
            all.add(RowFactory.create(values));
        }
        write(target, all, SMALL.fields(), 4);
    }

    static void writeLarge(Path target, Path model) throws IOException {
        float[] features = largeFeatures().toFloats();
        long[] labels = largeLabels().toLongs();
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < LARGE_ROWS; row++) {
            Float[] values = new Float[FEATURES];
            for (int i = 0; i < FEATURES; i++) {
                values[i] = features[row * FEATURES + i];
            }
            rows.add(RowFactory.create(values, labels[row]));
        }
        StructField[] fields = {
            DataTypes.createStructField("input", DataTypes.createArrayType(DataTypes.FloatType), true),
            DataTypes.createStructField("labels", DataTypes.LongType, true)
        };
        write(target, rows, fields, 2);
        try (OutputStream stream = Files.newOutputStream(model)) {
            new ModelBuilder()
                    .nodes(List.of(
                            node("MatMul", "a", "input", "w1"),
                            node("Tanh", "b", "a"),
                            node("MatMul", "c", "b", "w2"),
                            node("Tanh", "d", "c"),
                            node("MatMul", "logits", "d", "w3")))
                    .initializers(weights())
                    .inputs(List.of(ModelBuilder.input("input", DataType.FLOAT_VALUE, -1, FEATURES)))
                    .output("logits")
                    .build()
                    .writeTo(stream);
        }
    }

    private static void write(Path target, List<Row> rows, StructField[] fields, int files) {
        LocalSpark.session()
                .createDataFrame(rows, DataTypes.createStructType(fields))
                .coalesce(1)
                .repartition(files)
                .write()
                .parquet(target.toString());
    }

    static Tensor largeFeatures() {
        return Tensor.of(Shape.of(LARGE_ROWS, FEATURES), noise(LARGE_ROWS * FEATURES, 1, SEED));
    }

    static Tensor largeLabels() {
        Random random = new Random(SEED);
        return Tensor.of(
                Shape.of(LARGE_ROWS), random.longs(LARGE_ROWS, 0, CLASSES).toArray());
    }

    private static Map<String, TensorProto> weights() {
        Map<String, TensorProto> weights = new LinkedHashMap<>();
        int[][] shapes = {{FEATURES, FIRST}, {FIRST, SECOND}, {SECOND, CLASSES}};
        for (int i = 0; i < shapes.length; i++) {
            int rows = shapes[i][0];
            int columns = shapes[i][1];
            float[] values = noise(rows * columns, 1 / Math.sqrt(rows), i);
            weights.put("w" + (i + 1), OnnxTensors.write("w" + (i + 1), Tensor.of(Shape.of(rows, columns), values)));
        }
        return weights;
    }

    private static Node node(String operator, String output, String... inputs) {
        return new Node(output, operator, "", List.of(inputs), List.of(output), Attributes.NONE);
    }

    private static float[] noise(int count, double deviation, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }
}
