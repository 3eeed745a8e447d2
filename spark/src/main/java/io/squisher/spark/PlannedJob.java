package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.format.SourceFiles;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.FisherPlan;
import io.squisher.onnx.fisher.FisherSums;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.Sums;
import io.squisher.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.CollectionAccumulator;

/**
 * A job, checked on the driver: columns, shapes, labels, operators and memory, with the first rows. Nothing runs on the
 * cluster before that.
 */
final class PlannedJob implements AutoCloseable {
    /** Rows that the driver looks at. */
    private static final int LOOKED_AT = 64;

    /** A piece of data: enough for some batches, and not much memory. */
    private static final long PIECE_BYTES = 32L << 20;

    private static final int MOST_PIECE_ROWS = 1024;

    /** Elements of a block of sums: 8 MB. */
    private static final int BLOCK_ELEMENTS = 1 << 20;

    /** Sums that the driver takes at once. */
    private static final long REDUCER_BYTES = 16L << 20;

    /** Where partitions are more than so many for each task slot, their sums are more to move than their rows to read. */
    private static final int PARTITIONS_OF_A_SLOT = 4;

    private static final long SMALL_SHUFFLE = 1L << 30;

    private final String name = UUID.randomUUID().toString();
    private final SparkContext spark;
    private final EstimatorRecipe recipe;
    private final Map<String, Shape> parameters;
    private final JavaRDD<InternalRow> rows;

    PlannedJob(String modelAddress, FisherSpec spec, Device device, Consumer<String> notices, Dataset<Row> data) {
        this(modelAddress, spec, device, notices, data, Optional.empty());
    }

    /**
     * @param group the column whose values tell apart the rows of different Fishers
     */
    PlannedJob(
            String modelAddress,
            FisherSpec spec,
            Device device,
            Consumer<String> notices,
            Dataset<Row> data,
            Optional<String> group) {
        spark = data.sparkSession().sparkContext();
        if (device instanceof Device.Cuda && !spark.getConf().contains("spark.task.resource.gpu.amount")) {
            throw TaskSlot.notLent();
        }
        OnnxFile model = ModelAddress.open(modelAddress, spark.hadoopConfiguration());
        FedColumns fed = FedColumns.of(spec, model, data.schema());
        Dataset<Row> selected = fed.select(data, spec, group);
        RowSample sample = sample(spec, model, fed, data, selected);
        RuntimeSettings runtime = new RuntimeSettings(new Device.Cpu(), 0, notices);
        int pieceRows;
        Examples first = sample.examples("the first rows of the data", spec.axes());
        try (FisherPlan plan = FisherPlan.of(spec.request(model, first, runtime))) {
            parameters = plan.parameters();
            pieceRows = pieceRows(plan.batchSize(), sample.layout().bytes());
        }
        long elements = parameters.values().stream().mapToLong(Shape::size).sum();
        new MemoryNeeds(
                        elements,
                        size(model),
                        pieceRows * sample.layout().bytes(),
                        Math.min(elements, BLOCK_ELEMENTS) * (long) Double.BYTES)
                .check(spark);
        recipe = new EstimatorRecipe(spec, ShippedModel.of(spark, model), sample.sent(), device, pieceRows);
        rows = group.isPresent()
                ? InternalRows.of(fed.grouped(selected))
                : coalesced(InternalRows.of(selected), elements * Double.BYTES);
    }

    private static int pieceRows(int batch, long rowBytes) {
        long fitting = Math.max(1, PIECE_BYTES / Math.max(1, rowBytes));
        long most = Math.max(batch, Math.min(MOST_PIECE_ROWS, fitting));
        // Whole batches.
        return (int) (most / batch * batch);
    }

    private static long size(OnnxFile model) {
        long size = 0;
        for (Path file : SourceFiles.of(model.path())) {
            try {
                size += Files.exists(file) ? Files.size(file) : 0;
            } catch (IOException e) {
                // Whoever reads it says so.
                continue;
            }
        }
        return size;
    }

    private static RowSample sample(
            FisherSpec spec, OnnxFile model, FedColumns fed, Dataset<Row> data, Dataset<Row> selected) {
        List<InternalRow> first;
        try {
            first = InternalRows.of(selected.limit(LOOKED_AT))
                    .map(InternalRow::copy)
                    .collect();
        } catch (Exception e) {
            // Scala does not declare what it throws.
            throw JobFailure.of(e);
        }
        if (first.isEmpty()) {
            throw new SquisherException("the data has no rows");
        }
        RowLayout layout = RowLayout.of(spec, model, fed, data.schema(), first.get(0));
        RowBatches batches = new RowBatches(layout, spec.axes(), first.size(), "the data");
        batches.start();
        first.forEach(batches::add);
        return batches.sample();
    }

    private JavaRDD<InternalRow> coalesced(JavaRDD<InternalRow> all, long bytesOfSums) {
        int slots = Math.max(1, spark.defaultParallelism() / spark.getConf().getInt("spark.task.cpus", 1));
        int most = slots * PARTITIONS_OF_A_SLOT;
        boolean dear = all.getNumPartitions() > SMALL_SHUFFLE / Math.max(1, bytesOfSums);
        return dear && all.getNumPartitions() > most ? all.coalesce(most, false) : all;
    }

    /** Bytes of all sums. */
    long bytes() {
        return parameters.values().stream().mapToLong(Shape::size).sum() * Double.BYTES;
    }

    /** Where the sums are put on the driver. */
    SumsSpool spool() {
        return new SumsSpool(BlockTable.forDriver(parameters, BLOCK_ELEMENTS, REDUCER_BYTES));
    }

    /** Computes all sums into the spool. */
    FisherSums sums(SumsSpool spool) {
        try (SumsJob job = new SumsJob(spark, rows, name, recipe, spool.table())) {
            Sums header = job.header();
            job.spool(spool);
            return FisherSums.of(header, spool.tensors(parameters));
        }
    }

    /**
     * Computes all sums, which the reducers write as files of the target.
     *
     * @return what stands beside them
     */
    Sums write(FisherShards target, long bytesOfFile) {
        BlockTable table = BlockTable.forFiles(parameters, BLOCK_ELEMENTS, bytesOfFile);
        try (SumsJob job = new SumsJob(spark, rows, name, recipe, table)) {
            Sums header = job.header();
            target.write(job, new ShardRecipe(table, new LinkedHashMap<>(dims()), header, target.partPrefix()));
            return header;
        }
    }

    /** Computes the Fisher of each group, which the tasks write as files of the target: by group, how many examples it is of. */
    Map<String, Long> writeGroups(GroupTarget target) {
        CollectionAccumulator<String> errors = new CollectionAccumulator<>();
        try (GuardedJob job = new GuardedJob(spark, errors)) {
            GroupFishers fishers = new GroupFishers(name, recipe, target.partPrefix(), errors);
            return target.name(job.run(() -> rows.mapPartitions(fishers).collect()));
        }
    }

    private Map<String, long[]> dims() {
        Map<String, long[]> dims = new LinkedHashMap<>();
        parameters.forEach((parameter, shape) -> dims.put(parameter, shape.dims()));
        return dims;
    }

    @Override
    public void close() {
        // Where tasks ran in this virtual machine.
        Estimators.close(name);
    }
}
