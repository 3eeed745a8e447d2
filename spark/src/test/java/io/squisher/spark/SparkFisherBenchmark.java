package io.squisher.spark;

import java.io.IOException;
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
 * What Spark costs beside one machine: wall and processor seconds of a first and two further runs in {@code local[2]}, bytes of the
 * shuffle against {@code 8·W·P}, and the process's peak memory. Arguments: a model, its examples as {@code .npz}, partitions; or
 * {@code parquet}, the examples, partitions and a folder, to write them there alone.
 */
public final class SparkFisherBenchmark {
    private static final AtomicLong SHUFFLED = new AtomicLong();

    private SparkFisherBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        try (SparkSession session = LocalSpark.session()) {
            if (arguments[0].equals("parquet")) {
                write(session, Path.of(arguments[1]), Integer.parseInt(arguments[2]), arguments[3]);
                return;
            }
            Path folder = Files.createTempDirectory("squisher-benchmark");
            String parquet = folder.resolve("data.parquet").toString();
            write(session, Path.of(arguments[1]), Integer.parseInt(arguments[2]), parquet);
            session.sparkContext().addSparkListener(new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd ended) {
                    TaskMetrics metrics = ended.taskMetrics();
                    SHUFFLED.addAndGet(metrics.shuffleWriteMetrics().bytesWritten());
                }
            });
            for (String run : List.of("first run", "second run", "third run")) {
                measure(run, Path.of(arguments[0]), session.read().parquet(parquet));
            }
            Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .forEach(System.out::println);
            TemporaryFolders.delete(folder);
        }
    }

    private static void write(SparkSession session, Path npz, int partitions, String target) {
        NpzRows rows = new NpzRows(npz);
        session.createDataFrame(rows.rows(), DataTypes.createStructType(rows.fields()))
                .repartition(partitions)
                .write()
                .parquet(target);
    }

    private static void measure(String run, Path model, Dataset<Row> data) {
        long examples = data.count();
        SHUFFLED.set(0);
        long wall = System.nanoTime();
        long processor = processorNanoseconds();
        long parameters = SparkFisher.of(model).run(data).tensors().values().stream()
                .mapToLong(tensor -> tensor.size())
                .sum();
        double seconds = (System.nanoTime() - wall) / 1e9;
        double processorSeconds = (processorNanoseconds() - processor) / 1e9;
        long expected = 8 * parameters * data.toJavaRDD().getNumPartitions();
        System.out.printf(
                Locale.ROOT,
                "%s: %d examples, %.1f s wall, %.1f s processor, %.0f examples/s, %.0f examples/s of a processor, shuffle %d"
                        + " bytes (8 W P = %d)%n",
                run,
                examples,
                seconds,
                processorSeconds,
                examples / seconds,
                examples / processorSeconds,
                SHUFFLED.get(),
                expected);
    }

    private static long processorNanoseconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
