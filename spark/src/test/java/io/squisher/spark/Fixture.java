package io.squisher.spark;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherListener;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** A reference case of the module {@code onnx-tools}: its model, and its data as a data set of Spark's. */
record Fixture(String name) {
    private static final Path FOLDER = Path.of("../onnx-tools/src/test/resources/fixtures");

    Path model() {
        return FOLDER.resolve(name).resolve("model.onnx");
    }

    Likelihood likelihood() {
        return switch (name) {
            case "multilabel_bernoulli" -> new Likelihood.Bernoulli();
            case "regression_gaussian", "vae_like_convtranspose" -> new Likelihood.Gaussian(1);
            case "tiny_gpt" -> new Likelihood.CategoricalTokens(-100);
            default -> new Likelihood.Categorical(-1);
        };
    }

    /** What one machine makes of it. */
    FisherDiagonal alone(FisherKind kind) {
        try (NpzFile npz = NpzFile.open(FOLDER.resolve(name).resolve("data.npz"));
                FisherEstimator estimator = new FisherEstimator(FisherRequest.of(
                        OnnxFile.read(model()), Examples.of(name, npz.arrays()), likelihood(), kind))) {
            return estimator.run(FisherListener.SILENT);
        }
    }

    /** What is asked of Spark: the same. */
    SparkFisher spark(FisherKind kind) {
        SparkFisher fisher =
                SparkFisher.of(model()).likelihood(likelihood()).kind(kind).numberedBy("id");
        return name.equals("vae_like_convtranspose") ? fisher.shape("labels", 1, 8, 8) : fisher;
    }

    /** Each example a row, arrays flat, with the number of the example in the column {@code id}. */
    Dataset<Row> data(int partitions) {
        return LocalSpark.session()
                .createDataFrame(rows(), DataTypes.createStructType(fields()))
                .coalesce(1)
                .repartitionByRange(partitions, functions.col("id"));
    }

    /** The same in memory. */
    List<Row> rows() {
        try (NpzFile npz = NpzFile.open(FOLDER.resolve(name).resolve("data.npz"))) {
            long count = npz.arrays().values().iterator().next().shape().dim(0);
            List<Row> rows = new ArrayList<>();
            for (int row = 0; row < count; row++) {
                List<Object> values = new ArrayList<>();
                for (Tensor array : npz.arrays().values()) {
                    values.add(value(array, row));
                }
                values.add((long) row);
                rows.add(RowFactory.create(values.toArray()));
            }
            return rows;
        }
    }

    StructField[] fields() {
        try (NpzFile npz = NpzFile.open(FOLDER.resolve(name).resolve("data.npz"))) {
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

    private static Object value(Tensor array, int row) {
        int size = (int) (array.size() / array.shape().dim(0));
        if (array.type().isFloating()) {
            float[] all = Arrays.copyOfRange(array.toFloats(), row * size, (row + 1) * size);
            Float[] boxed = new Float[size];
            Arrays.setAll(boxed, i -> all[i]);
            return array.shape().rank() == 1 ? boxed[0] : boxed;
        }
        long[] all = Arrays.copyOfRange(array.toLongs(), row * size, (row + 1) * size);
        return array.shape().rank() == 1
                ? (Object) all[0]
                : LongStream.of(all).boxed().toArray(Long[]::new);
    }
}
