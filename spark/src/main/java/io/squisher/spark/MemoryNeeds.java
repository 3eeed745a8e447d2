package io.squisher.spark;

import io.squisher.SquisherException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.network.util.JavaUtils;

/**
 * What a job needs in memory, and whether there is so much. Spark starts what cannot end: an executor that runs out of memory
 * takes its tasks with it, is started again, and ends the application without a word of the cause.
 *
 * @param parameters elements of the sums
 * @param weightBytes of the model with its external data
 * @param pieceBytes of the examples of a piece
 * @param blockBytes of a block of sums
 */
record MemoryNeeds(long parameters, long weightBytes, long pieceBytes, long blockBytes) {
    /** Spark keeps so much for itself in each heap, and half as much again is no memory to speak of. */
    private static final long SPARKS_OWN = 300L << 20;

    /** Blocks that a task holds at once: the one that is made, its serialized form, and one of the sort. */
    private static final int BLOCKS_AT_ONCE = 4;

    private static final double DEFAULT_OVERHEAD = 0.1;
    private static final long LEAST_OVERHEAD = 384L << 20;
    private static final long DEFAULT_MEMORY = 1L << 30;

    /** Heap of an executor that runs so many tasks at once. */
    long heap(int tasks) {
        return SPARKS_OWN + tasks * (parameters * Double.BYTES + BLOCKS_AT_ONCE * blockBytes);
    }

    /** Memory beside the heap: the weights, the gradients of a batch, the examples. Activations come on top. */
    long overhead(int tasks) {
        return tasks * (weightBytes + parameters * Float.BYTES + pieceBytes);
    }

    /**
     * Looks at what the executors have.
     *
     * @throws SquisherException if it is too little for sure, with the numbers
     */
    void check(SparkContext spark) {
        SparkConf conf = spark.getConf();
        int taskCores = conf.getInt("spark.task.cpus", 1);
        if (spark.isLocal()) {
            int tasks = Math.max(1, spark.defaultParallelism() / taskCores);
            refuse(
                    "the driver, which runs the tasks",
                    tasks,
                    Runtime.getRuntime().maxMemory(),
                    Long.MAX_VALUE,
                    "the driver's");
            return;
        }
        int cores = conf.getInt("spark.executor.cores", taskCores);
        int tasks = Math.max(1, cores / taskCores);
        long heap = bytes(conf, "spark.executor.memory", DEFAULT_MEMORY);
        double factor = conf.getDouble("spark.executor.memoryOverheadFactor", DEFAULT_OVERHEAD);
        long overhead = bytes(conf, "spark.executor.memoryOverhead", Math.max(LEAST_OVERHEAD, (long) (heap * factor)));
        // A standalone cluster limits the heap alone.
        boolean limited = !spark.master().startsWith("spark://");
        refuse(
                "an executor",
                tasks,
                heap,
                limited ? overhead : Long.MAX_VALUE,
                "spark.executor.memory and memoryOverhead");
    }

    private void refuse(String who, int tasks, long heap, long overhead, String settings) {
        List<String> lacks = new ArrayList<>();
        if (heap < heap(tasks)) {
            lacks.add("a heap of " + text(heap(tasks)) + " and has " + text(heap));
        }
        if (overhead < overhead(tasks)) {
            lacks.add("memory beside the heap of " + text(overhead(tasks)) + " and has " + text(overhead));
        }
        if (!lacks.isEmpty()) {
            throw new SquisherException(who + " needs " + String.join(", ", lacks) + ", for "
                    + (tasks == 1 ? "one task" : tasks + " tasks at once") + " with float64 sums of " + parameters
                    + " parameters (" + text(parameters * Double.BYTES) + " each); raise " + settings
                    + ", or run fewer tasks at once with spark.task.cpus, or fewer parameters with --params");
        }
    }

    private static long bytes(SparkConf conf, String key, long otherwise) {
        // Plain numbers are megabytes.
        return conf.contains(key) ? JavaUtils.byteStringAsMb(conf.get(key)) << 20 : otherwise;
    }

    /** As {@code 1.5 GB}. */
    static String text(long bytes) {
        if (bytes < 10_000_000) {
            return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
        }
        return bytes < 1_000_000_000L ? bytes / 1_000_000 + " MB" : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
