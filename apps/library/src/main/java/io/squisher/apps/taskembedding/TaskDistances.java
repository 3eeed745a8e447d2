package io.squisher.apps.taskembedding;

import io.squisher.apps.plan.Problems;
import java.util.List;

/**
 * Distances between tasks, each from one (row) to another (column).
 *
 * @param labels the tasks
 * @param matrix {@code matrix[i][j]} from task i to task j; the diagonal is 0
 */
public record TaskDistances(List<String> labels, double[][] matrix) {
    /**
     * Measures every pair.
     *
     * @throws io.squisher.SquisherException with all embeddings that are not of the first one's groups
     */
    public static TaskDistances of(List<TaskEmbedding> tasks, Distance distance) {
        Problems problems = new Problems("cannot compare tasks");
        TaskEmbedding first = tasks.get(0);
        for (TaskEmbedding task : tasks) {
            if (!task.groups().equals(first.groups())) {
                problems.add("'" + task.label() + "' has other groups than '" + first.label() + "' ("
                        + task.values().length + " numbers from "
                        + task.groups().size() + " tensors, and "
                        + first.values().length + " from " + first.groups().size()
                        + "); embeddings are compared over one probe network");
            }
        }
        problems.throwIfAny();
        int count = tasks.size();
        double[][] matrix = new double[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                matrix[i][j] = i == j
                        ? 0
                        : distance.between(tasks.get(i).values(), tasks.get(j).values());
            }
        }
        return new TaskDistances(tasks.stream().map(TaskEmbedding::label).toList(), matrix);
    }
}
