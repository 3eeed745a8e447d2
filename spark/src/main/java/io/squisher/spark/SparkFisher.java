package io.squisher.spark;

import io.squisher.NamePattern;
import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.runtime.Device;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The diagonal of an ONNX model's Fisher information over a data set of Spark's:
 *
 * <pre>{@code
 * FisherDiagonal fisher = SparkFisher.of(Path.of("model.onnx"))
 *         .feed("image", "pixels")
 *         .labels("y")
 *         .run(spark.read().parquet("s3a://bucket/train"));
 * }</pre>
 *
 * <p>A column is fed to the input of its name, or to the one that {@link #feed} says. It holds numbers, arrays of numbers,
 * bytes (elements in little-endian order, of the input's type or a byte each), or vectors of Spark ML. One long array is taken in
 * the shape that the model declares, the last axis running fastest.
 *
 * <p>The same partitions give the same bits, whatever executors are lost and whatever tasks are tried again. Other
 * partitions give the same numbers up to rounding.
 *
 * <p>Not for several threads at once.
 */
public final class SparkFisher {
    /** Sums of so many bytes go through the driver. */
    private static final long DRIVERS_PART = 2L << 30;

    /** Sums of one file, where there are several; the file has half as many. */
    private static final long BYTES_OF_FILE = 2L << 30;

    private final String model;
    private final LinkedHashMap<String, String> feed = new LinkedHashMap<>();
    private final LinkedHashMap<String, long[]> shapes = new LinkedHashMap<>();
    private final LinkedHashMap<String, Integer> axes = new LinkedHashMap<>();
    private String labels = "labels";
    private String ids = "";
    private String output = "";
    private boolean outputsAreLogits;
    private Likelihood likelihood = new Likelihood.Categorical(-1);
    private FisherKind kind = new FisherKind.Empirical();
    private String parameters = "";
    private boolean includeConstants;
    private boolean tied;
    private int batchSize;
    private Device device = new Device.Auto(false);
    private Consumer<String> notices = notice -> {};

    private SparkFisher(String model) {
        this.model = model;
    }

    /** The Fisher of the model in an ONNX file of this machine. */
    public static SparkFisher of(Path model) {
        return new SparkFisher(model.toUri().toString());
    }

    /**
     * The Fisher of the model in an ONNX file anywhere.
     *
     * @param model an address that Hadoop's file systems know, such as {@code s3a://bucket/model.onnx}, or a path of this machine
     */
    public static SparkFisher of(String model) {
        return new SparkFisher(model);
    }

    /** Feeds an input of the model from a column that is called otherwise. */
    public SparkFisher feed(String input, String column) {
        feed.put(input, column);
        return this;
    }

    /** The column with the labels; {@code labels} unless given. */
    public SparkFisher labels(String column) {
        labels = column;
        return this;
    }

    /**
     * The column with a number for each example, on which the labels of the sampled Fisher depend. Without one they depend on
     * what the row holds, so that equal rows get equal labels.
     */
    public SparkFisher numberedBy(String column) {
        ids = column;
        return this;
    }

    /**
     * The shape of one example, where the model does not declare it: of an input, or of the column of the labels.
     *
     * @param dims without the axis that counts examples
     */
    public SparkFisher shape(String name, long... dims) {
        shapes.put(name, dims.clone());
        return this;
    }

    /** The axis of an input or output of the model that counts examples, where names and sizes do not tell. */
    public SparkFisher exampleAxis(String name, int axis) {
        axes.put(name, axis);
        return this;
    }

    /** The output that the likelihood is of, or any other value in the graph; needed where there are several outputs. */
    public SparkFisher output(String name) {
        output = name;
        return this;
    }

    /** Takes the output for logits though it looks like probabilities, which are refused otherwise. */
    public SparkFisher outputsAreLogits() {
        outputsAreLogits = true;
        return this;
    }

    /** How the output is a distribution of labels. */
    public SparkFisher likelihood(Likelihood distribution) {
        likelihood = distribution;
        return this;
    }

    /** Which Fisher. */
    public SparkFisher kind(FisherKind wanted) {
        kind = wanted;
        return this;
    }

    /** Only parameters in whose name {@code regex} is found. */
    public SparkFisher parameters(String regex) {
        NamePattern.of(regex);
        parameters = regex;
        return this;
    }

    /** Epsilons, masks and other constants among the initializers too. */
    public SparkFisher includeConstants() {
        includeConstants = true;
        return this;
    }

    /** Initializers with the same values are one weight. */
    public SparkFisher tied() {
        tied = true;
        return this;
    }

    /** Examples at once; from a memory budget unless given. */
    public SparkFisher batchSize(int examples) {
        if (examples < 1) {
            throw new SquisherException("a batch has at least 1 example, not " + examples);
        }
        batchSize = examples;
        return this;
    }

    /**
     * Where tasks run: unless given, on the GPU that Spark lends to the task, and on the processor where it lends none. A CUDA
     * device is refused where Spark lends none; which one it is, Spark says.
     */
    public SparkFisher device(Device wanted) {
        device = wanted;
        return this;
    }

    /** Who is told what a user should know; nobody unless given. */
    public SparkFisher notices(Consumer<String> told) {
        notices = told;
        return this;
    }

    /**
     * Computes the Fisher over all rows.
     *
     * @return the diagonal, a mean over the rows, in memory
     * @throws SquisherException if model, data and settings do not fit together, a row is not as the others, a gradient is not finite,
     *     executors have too little memory, or Spark fails
     */
    public FisherDiagonal run(Dataset<Row> data) {
        try (PlannedJob job = new PlannedJob(model, spec(), device, notices, data);
                SumsSpool spool = job.spool()) {
            return inMemory(job.sums(spool).toDiagonal());
        }
    }

    /**
     * Computes the Fisher over all rows and writes it, whole or not at all. Where the sums are more than {@value #DRIVERS_PART} bytes,
     * the executors write them as several files, and the index {@code NAME.safetensors.index.json} is written last.
     *
     * @param target an address that Hadoop's file systems know, or a path of this machine, that ends in {@code .safetensors}
     * @return how many examples it is of
     * @throws SquisherException as {@link #run}, and if the file cannot be written
     */
    public long writeTo(String target, Dataset<Row> data) {
        return writeTo(target, data, DRIVERS_PART, BYTES_OF_FILE);
    }

    /** The same with other bounds: of what the driver takes, and of the sums in one file. */
    long writeTo(String target, Dataset<Row> data, long driversPart, long bytesOfFile) {
        FisherTarget file =
                FisherTarget.of(target, data.sparkSession().sparkContext().hadoopConfiguration());
        try (PlannedJob job = new PlannedJob(model, spec(), device, notices, data)) {
            if (job.bytes() > driversPart) {
                try (FisherShards shards = file.shards()) {
                    return job.write(shards, bytesOfFile).getExampleCount();
                }
            }
            try (SumsSpool spool = job.spool()) {
                FisherDiagonal diagonal = job.sums(spool).toDiagonal();
                file.write(diagonal);
                return diagonal.provenance().getExampleCount();
            }
        }
    }

    /**
     * Computes a Fisher for each group of rows, in one pass: of every task, of every user. The rows of a group are brought to one
     * machine; the sums move nowhere, so that there may be hundreds of groups.
     *
     * @param column whose values are the groups
     * @param folder where the file {@code GROUP.safetensors} of each goes; an address that Hadoop's file systems know, or a path
     * @return by group, how many examples it has
     * @throws SquisherException as {@link #writeTo}
     */
    public Map<String, Long> writeEach(String column, String folder, Dataset<Row> data) {
        Configuration hadoop = data.sparkSession().sparkContext().hadoopConfiguration();
        try (PlannedJob job = new PlannedJob(model, spec(), device, notices, data, Optional.of(column));
                GroupTarget target = new GroupTarget(folder, hadoop)) {
            return job.writeGroups(target);
        }
    }

    private static FisherDiagonal inMemory(FisherDiagonal diagonal) {
        Map<String, Tensor> read = new LinkedHashMap<>();
        diagonal.tensors()
                .forEach((name, tensor) -> read.put(name, Tensor.of(tensor.type(), tensor.shape(), tensor.toBytes())));
        return new FisherDiagonal(read, diagonal.roles(), diagonal.provenance());
    }

    private FisherSpec spec() {
        return new FisherSpec(
                new LinkedHashMap<>(feed),
                labels,
                ids,
                output,
                outputsAreLogits,
                likelihood,
                kind,
                new LinkedHashMap<>(shapes),
                new LinkedHashMap<>(axes),
                parameters,
                includeConstants,
                tied,
                batchSize);
    }
}
