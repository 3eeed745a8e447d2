package io.squisher.spark;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import java.io.Serializable;
import org.apache.spark.TaskContext;

/**
 * All that a machine needs to make an estimator.
 *
 * @param sample with which the plan is made; the same everywhere, so that the plan is
 * @param device what the user asked for
 * @param pieceRows examples of one piece
 */
record EstimatorRecipe(FisherSpec spec, ShippedModel model, RowSample sample, Device device, int pieceRows)
        implements Serializable {
    /** For one task. */
    FisherEstimator make(TaskSlot slot) {
        OnnxFile file = model.open();
        return new FisherEstimator(spec.request(
                file,
                sample.examples("the first rows of the data", spec.axes()),
                new RuntimeSettings(slot.device(), slot.threads(), notice -> {})));
    }

    /** Buffers for the rows of a task. */
    RowBatches batches(TaskContext task) {
        return new RowBatches(
                sample.layout(), spec.axes(), pieceRows, "partition " + task.partitionId() + " of the data");
    }
}
