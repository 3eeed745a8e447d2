package io.squisher.spark;

import io.squisher.onnx.fisher.FisherKind;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/**
 * What Spark costs beside one machine: wall and processor seconds of a first and a second run, bytes of the shuffle against {@code 8·W·P},
 * and the process's peak memory. Arguments: a reference case, copies of its data, partitions.
 */
public final class SparkFisherBenchmark {
    private SparkFisherBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Fixture fixture = new Fixture(arguments.length > 0 ? arguments[0] : "lenet_cnn");
        int copies = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1024;
        int partitions = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4;
        SparkSession session = LocalSpark.session();
        AtomicLong shuffled = new AtomicLong();
        session.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd ended) {
                TaskMetrics metrics = ended.taskMetrics();
                shuffled.addAndGet(metrics.shuffleWriteMetrics().bytesWritten());
            }
        });
        Path folder = Files.createTempDirectory("squisher-benchmark");
        String parquet = folder.resolve("data.parquet").toString();
        List<Row> once = fixture.rows();
        Dataset<Row> rows = session.createDataFrame(once, DataTypes.createStructType(fixture.fields()));
        rows.crossJoin(session.range(copies).withColumnRenamed("id", "copy"))
                .repartition(partitions)
                .write()
                .parquet(parquet);
        long examples = (long) once.size() * copies;
        for (String run : List.of("first run", "second run", "third run")) {
            shuffled.set(0);
            Dataset<Row> data = session.read().parquet(parquet);
            long wall = System.nanoTime();
            long processor = processorNanoseconds();
            long parameters = SparkFisher.of(fixture.model())
                    .likelihood(fixture.likelihood())
                    .kind(new FisherKind.Empirical())
                    .run(data)
                    .tensors()
                    .values()
                    .stream()
                    .mapToLong(tensor -> tensor.size())
                    .sum();
            double seconds = (System.nanoTime() - wall) / 1e9;
            double processorSeconds = (processorNanoseconds() - processor) / 1e9;
            long expected = 8 * parameters * data.toJavaRDD().getNumPartitions();
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d examples, %.1f s wall, %.1f s processor, %.0f examples/s of a processor, shuffle %d bytes"
                            + " (8 W P = %d)%n",
                    run,
                    examples,
                    seconds,
                    processorSeconds,
                    examples / processorSeconds,
                    shuffled.get(),
                    expected);
        }
        Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .forEach(System.out::println);
        TemporaryFolders.delete(folder);
        session.stop();
    }

    private static long processorNanoseconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
