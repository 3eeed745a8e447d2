package io.squisher.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Computes a Fisher several times on a cluster, each time with another fault. Arguments: a folder, the small model, the large
 * model. The folder has the data of each, {@code small.parquet} and {@code large.parquet}.
 *
 * <p>Without a large model: computes one of the small model as {@code again.safetensors}, and where the folder has no
 * {@code DIE.struck} yet, this process is gone in the middle of it.
 */
public final class ClusterApplication {
    /** In the middle of a partition, beyond what the driver looks at. */
    private static final long STRUCK = 500;

    private ClusterApplication() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        SparkSession session = SparkSession.builder().appName("squisher").getOrCreate();
        if (arguments.length == 2) {
            dieOnce(session, folder, Path.of(arguments[1]));
            session.stop();
            return;
        }
        for (ClusterFault.Kind kind : ClusterFault.Kind.values()) {
            ClusterFault fault = new ClusterFault(
                    kind, STRUCK, folder.resolve(kind + ".struck").toString());
            Dataset<Row> data =
                    session.read().parquet(folder.resolve("small.parquet").toString());
            SparkFisher.of(Path.of(arguments[1]))
                    .writeTo(folder.resolve(kind + ".safetensors").toString(), struck(data, fault));
            if (kind == ClusterFault.Kind.NONE) {
                SparkFisher.of(Path.of(arguments[2]))
                        .writeTo(
                                folder.resolve("large.safetensors").toString(),
                                session.read()
                                        .parquet(folder.resolve("large.parquet").toString()));
            }
        }
        session.stop();
    }

    private static void dieOnce(SparkSession session, Path folder, Path model) {
        Path marker = folder.resolve("DIE.struck");
        if (!Files.exists(marker)) {
            Thread watching = new Thread(() -> {
                while (!Files.exists(marker)) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                }
                Runtime.getRuntime().halt(137);
            });
            watching.setDaemon(true);
            watching.start();
        }
        ClusterFault fault = new ClusterFault(ClusterFault.Kind.STRAGGLE, STRUCK, marker.toString());
        SparkFisher.of(model)
                .writeTo(
                        folder.resolve("again.safetensors").toString(),
                        struck(
                                session.read()
                                        .parquet(folder.resolve("small.parquet").toString()),
                                fault));
    }

    private static Dataset<Row> struck(Dataset<Row> data, ClusterFault fault) {
        // Not deterministic: else the optimizer might leave it out.
        return data.withColumn(
                "labels",
                functions
                        .udf(fault, DataTypes.LongType)
                        .asNondeterministic()
                        .apply(functions.col("id"))
                        .multiply(functions.lit(0L))
                        .plus(functions.col("labels")));
    }
}
