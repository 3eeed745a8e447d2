package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.onnx.fisher.FisherEstimator;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.CollectionAccumulator;

/**
 * The Fishers of the groups of a partition, whose rows stand together, one after the other with one estimator. Each is a file when the
 * next begins: no sums move, however many groups there are.
 *
 * @param prefix of the files' addresses, before they get their names
 */
record GroupFishers(String job, EstimatorRecipe recipe, String prefix, CollectionAccumulator<String> errors)
        implements FlatMapFunction<Iterator<InternalRow>, GroupFishers.Written>, Serializable {
    /** A file that was written, and of how many examples. */
    record Written(String group, String address, long examples) implements Serializable {}

    @Override
    public Iterator<Written> call(Iterator<InternalRow> rows) throws IOException {
        List<Written> written = new ArrayList<>();
        if (!rows.hasNext()) {
            return written.iterator();
        }
        TaskContext task = TaskContext.get();
        try {
            LentEstimator lent = LentEstimator.to(task, job, recipe);
            add(task, lent.estimator(), rows, written);
            lent.keep();
        } catch (SquisherException e) {
            errors.add(e.getMessage());
        }
        return written.iterator();
    }

    private void add(TaskContext task, FisherEstimator estimator, Iterator<InternalRow> rows, List<Written> written)
            throws IOException {
        int at = recipe.sample().layout().group();
        RowBatches batches = recipe.batches(task);
        batches.start();
        UTF8String group = null;
        while (rows.hasNext()) {
            InternalRow row = rows.next();
            if (row.isNullAt(at)) {
                throw new SquisherException("a row has no group: the column to group by is null");
            }
            UTF8String next = row.getUTF8String(at);
            boolean ends = group != null && !group.equals(next);
            if (ends || batches.isFull()) {
                flush(task, estimator, batches);
            }
            if (ends) {
                written.add(write(task, group.toString(), estimator));
                estimator.clear();
            }
            if (group == null || ends) {
                group = next.clone();
            }
            batches.add(row);
        }
        flush(task, estimator, batches);
        written.add(write(task, group.toString(), estimator));
    }

    private static void flush(TaskContext task, FisherEstimator estimator, RowBatches batches) {
        if (task.isInterrupted()) {
            throw new TaskKilledException();
        }
        if (!batches.isEmpty()) {
            estimator.add(batches.piece());
        }
        batches.start();
    }

    private Written write(TaskContext task, String group, FisherEstimator estimator) throws IOException {
        FisherDiagonal diagonal = estimator.sums().toDiagonal();
        java.nio.file.Path folder = TemporaryFolders.create("squisher-group");
        try {
            java.nio.file.Path local = folder.resolve("part.safetensors");
            FisherFile.write(local, diagonal);
            Path target = new Path(prefix + task.taskAttemptId() + "-" + GroupTarget.fileName(group) + ".tmp");
            HadoopFiles.system(target, SparkHadoopUtil.get().conf())
                    .copyFromLocalFile(true, true, new Path(local.toUri()), target);
            return new Written(group, target.toString(), diagonal.provenance().getExampleCount());
        } finally {
            TemporaryFolders.delete(folder);
        }
    }
}
