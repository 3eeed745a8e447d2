package io.squisher.spark;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherListener;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
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

    /** What PyTorch makes of it in float64, by tensor; nothing of kinds of which there is no reference. */
    Optional<Map<String, double[]>> reference(FisherKind kind) {
        String file = "fisher_" + kind.toProto().name().toLowerCase(Locale.ROOT) + ".safetensors";
        Path path = FOLDER.resolve(name).resolve(file);
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try (SafetensorsFile open = SafetensorsFile.open(path)) {
            Map<String, double[]> reference = new LinkedHashMap<>();
            open.tensors().forEach((tensor, values) -> reference.put(tensor, values.toDoubles()));
            return Optional.of(reference);
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
        return new NpzRows(FOLDER.resolve(name).resolve("data.npz")).rows();
    }

    StructField[] fields() {
        return new NpzRows(FOLDER.resolve(name).resolve("data.npz")).fields();
    }
}
