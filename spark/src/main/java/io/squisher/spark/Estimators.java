package io.squisher.spark;

import io.squisher.onnx.fisher.FisherEstimator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The estimators of this virtual machine that no task uses now. One is made for each task slot, and serves all tasks that run
 * there: loading a model takes longer than many a task.
 */
final class Estimators {
    /** What an estimator was made for. */
    private record Use(String job, TaskSlot slot) {}

    private static final Map<Use, Deque<FisherEstimator>> IDLE = new HashMap<>();

    private Estimators() {}

    /**
     * One for a task, which gives it back, or closes it after a failure. Those of other jobs are closed: their memory is needed.
     *
     * @param job tells jobs apart that need other estimators
     */
    static FisherEstimator take(String job, TaskSlot slot, EstimatorRecipe recipe) {
        Use use = new Use(job, slot);
        synchronized (IDLE) {
            closeIf(other -> !other.job.equals(job));
            Deque<FisherEstimator> free = IDLE.get(use);
            if (free != null && !free.isEmpty()) {
                return free.pop();
            }
        }
        return recipe.make(slot);
    }

    /** Keeps an estimator, without what it has added, for the next task. */
    static void giveBack(String job, TaskSlot slot, FisherEstimator estimator) {
        estimator.clear();
        synchronized (IDLE) {
            IDLE.computeIfAbsent(new Use(job, slot), use -> new ArrayDeque<>()).push(estimator);
        }
    }

    /** Closes those of a job that has ended. */
    static void close(String job) {
        synchronized (IDLE) {
            closeIf(use -> use.job.equals(job));
        }
    }

    private static void closeIf(java.util.function.Predicate<Use> condition) {
        IDLE.entrySet().removeIf(entry -> {
            boolean closes = condition.test(entry.getKey());
            if (closes) {
                entry.getValue().forEach(FisherEstimator::close);
            }
            return closes;
        });
    }
}
