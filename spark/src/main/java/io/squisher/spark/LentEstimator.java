package io.squisher.spark;

import io.squisher.onnx.fisher.FisherEstimator;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/** An estimator for the length of a task: it goes back when the task has ended, and is closed if that was in the middle of adding. */
final class LentEstimator {
    private final String job;
    private final TaskSlot slot;
    private final FisherEstimator estimator;
    private boolean sound;

    private LentEstimator(String job, TaskSlot slot, FisherEstimator estimator) {
        this.job = job;
        this.slot = slot;
        this.estimator = estimator;
    }

    static LentEstimator to(TaskContext task, String job, EstimatorRecipe recipe) {
        TaskSlot slot = TaskSlot.of(task, recipe.device());
        LentEstimator lent = new LentEstimator(job, slot, Estimators.take(job, slot, recipe));
        TaskCompletionListener ended = context -> lent.end();
        task.addTaskCompletionListener(ended);
        return lent;
    }

    FisherEstimator estimator() {
        return estimator;
    }

    /** Says that all went well. */
    void keep() {
        sound = true;
    }

    private void end() {
        if (sound) {
            Estimators.giveBack(job, slot, estimator);
        } else {
            estimator.close();
        }
    }
}
