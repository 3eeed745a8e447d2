package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherSums;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.CollectionAccumulator;
import scala.Tuple2;

/**
 * The sums over the rows of a partition, as blocks that are made when the shuffle asks for them.
 *
 * <p>What is wrong with the data or the model is handed on as a value, not thrown: Spark would try the same rows again and
 * again. A value counts once, whatever is tried twice.
 */
final class PartitionSums implements PairFlatMapFunction<Iterator<InternalRow>, String, byte[]> {
    private static final long serialVersionUID = 1L;

    private final String job;
    private final EstimatorRecipe recipe;
    private final BlockTable table;
    private final CollectionAccumulator<String> errors;

    PartitionSums(String job, EstimatorRecipe recipe, BlockTable table, CollectionAccumulator<String> errors) {
        this.job = job;
        this.recipe = recipe;
        this.table = table;
        this.errors = errors;
    }

    @Override
    public Iterator<Tuple2<String, byte[]>> call(Iterator<InternalRow> rows) {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        TaskContext task = TaskContext.get();
        try {
            LentEstimator lent = LentEstimator.to(task, job, recipe);
            add(task, lent.estimator(), rows);
            lent.keep();
            return blocks(task.partitionId(), lent.estimator().sums());
        } catch (SquisherException e) {
            errors.add(e.getMessage());
            String key = new BlockKey(BlockKey.ERROR, 0, task.partitionId()).text();
            return List.of(new Tuple2<>(key, e.getMessage().getBytes(StandardCharsets.UTF_8)))
                    .iterator();
        }
    }

    private void add(TaskContext task, FisherEstimator estimator, Iterator<InternalRow> rows) {
        RowBatches batches = recipe.batches(task);
        while (rows.hasNext()) {
            batches.start();
            while (!batches.isFull() && rows.hasNext()) {
                batches.add(rows.next());
            }
            if (task.isInterrupted()) {
                throw new TaskKilledException();
            }
            estimator.add(batches.piece());
        }
    }

    private Iterator<Tuple2<String, byte[]>> blocks(int partition, FisherSums sums) {
        Tuple2<String, byte[]> header = new Tuple2<>(
                new BlockKey(BlockKey.HEADER, 0, partition).text(),
                sums.header().toByteArray());
        Stream<Tuple2<String, byte[]>> blocks =
                LongStream.range(0, table.blocks()).mapToObj(number -> block(partition, sums, number));
        return Stream.concat(Stream.of(header), blocks).iterator();
    }

    private Tuple2<String, byte[]> block(int partition, FisherSums sums, long number) {
        int tensor = table.tensor(number);
        int block = table.block(number);
        int count = table.elements(tensor, block);
        byte[] bytes = new byte[count * Double.BYTES];
        MergedBlocks.doubles(bytes)
                .put(sums.block(table.names().get(tensor), (long) block * table.blockElements(), count));
        return new Tuple2<>(new BlockKey(tensor, block, partition).text(), bytes);
    }
}
