package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.internal.protobuf.InvalidProtocolBufferException;
import io.squisher.onnx.fisher.FisherSums;
import io.squisher.proto.Sums;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.CollectionAccumulator;
import scala.Tuple2;

/** Runs the sums over all partitions, merged in the partitions' order. Ends at the first thing that is wrong with the data. */
final class SumsJob implements AutoCloseable {
    private final SparkContext spark;
    private final String group = "squisher-" + UUID.randomUUID();
    private final CollectionAccumulator<String> errors = new CollectionAccumulator<>();
    private final SparkListener ending = new SparkListener() {
        @Override
        public void onTaskEnd(SparkListenerTaskEnd ended) {
            if (!errors.value().isEmpty()) {
                spark.cancelJobGroup(group);
            }
        }
    };
    private final BlockTable table;
    private final JavaRDD<Tuple2<String, byte[]>> merged;

    SumsJob(SparkContext spark, JavaRDD<InternalRow> rows, String job, EstimatorRecipe recipe, BlockTable table) {
        this.spark = spark;
        this.table = table;
        spark.register(errors, "squisher.errors");
        spark.addSparkListener(ending);
        JavaPairRDD<String, byte[]> blocks = rows.mapPartitionsToPair(new PartitionSums(job, recipe, table, errors));
        merged = blocks.repartitionAndSortWithinPartitions(new BlockPartitioner(table))
                .mapPartitions(new MergedBlocks(), true);
    }

    /**
     * Computes all sums, and gives what stands beside them.
     *
     * @throws SquisherException if a partition has none, with the reason
     */
    Sums header() {
        List<Sums> headers = new ArrayList<>();
        for (Tuple2<String, byte[]> value : reduced(0)) {
            if (BlockKey.parse(value._1()).tensor() == BlockKey.ERROR) {
                throw new SquisherException(new String(value._2(), StandardCharsets.UTF_8));
            }
            try {
                headers.add(Sums.parseFrom(value._2()));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
        if (headers.isEmpty()) {
            throw new SquisherException("the data has no rows");
        }
        return FisherSums.sumOfHeaders(headers);
    }

    /** Hands all sums to the spool, those of one reducer at once. */
    void spool(DriverSpool spool) {
        for (int reducer = 1; reducer < table.reducers(); reducer++) {
            reduced(reducer).forEach(block -> spool.write(BlockKey.parse(block._1()), block._2()));
        }
    }

    JavaRDD<Tuple2<String, byte[]>> merged() {
        return merged;
    }

    private List<Tuple2<String, byte[]>> reduced(int reducer) {
        return run(() -> merged.collectPartitions(new int[] {reducer})[0]);
    }

    /** Runs a job of the group that is cancelled when something is wrong with the data. */
    <T> T run(Supplier<T> work) {
        spark.setJobGroup(group, "the Fisher diagonal", true);
        try {
            return work.get();
        } catch (Exception e) {
            // Scala does not declare what it throws.
            throw errors.value().isEmpty()
                    ? JobFailure.of(e)
                    : new SquisherException(errors.value().get(0), e);
        } finally {
            spark.clearJobGroup();
        }
    }

    @Override
    public void close() {
        spark.removeSparkListener(ending);
    }
}
