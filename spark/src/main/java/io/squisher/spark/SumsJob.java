package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.internal.protobuf.InvalidProtocolBufferException;
import io.squisher.onnx.fisher.FisherSums;
import io.squisher.proto.Sums;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.CollectionAccumulator;
import scala.Tuple2;

/** Runs the sums over all partitions, merged in the partitions' order. Ends at the first thing that is wrong with the data. */
final class SumsJob implements AutoCloseable {
    private final GuardedJob job;
    private final BlockTable table;
    private final JavaRDD<Tuple2<String, byte[]>> merged;

    SumsJob(SparkContext spark, JavaRDD<InternalRow> rows, String name, EstimatorRecipe recipe, BlockTable table) {
        this.table = table;
        CollectionAccumulator<String> errors = new CollectionAccumulator<>();
        this.job = new GuardedJob(spark, errors);
        JavaPairRDD<String, byte[]> blocks = rows.mapPartitionsToPair(new PartitionSums(name, recipe, table, errors));
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
    void spool(SumsSpool spool) {
        for (int reducer = 1; reducer < table.reducers(); reducer++) {
            for (Tuple2<String, byte[]> block : reduced(reducer)) {
                BlockKey key = BlockKey.parse(block._1());
                spool.write(key.tensor(), key.block(), block._2());
            }
        }
    }

    /**
     * Hands the sums of each reducer to a function on its machine, and gathers what comes out.
     */
    <T> List<T> reduced(FlatMapFunction<Iterator<Tuple2<String, byte[]>>, T> sink) {
        return job.run(() -> merged.mapPartitions(sink).collect());
    }

    private List<Tuple2<String, byte[]>> reduced(int reducer) {
        return job.run(() -> merged.collectPartitions(new int[] {reducer})[0]);
    }

    @Override
    public void close() {
        job.close();
    }
}
