package io.squisher.apps.taskembedding;

import io.squisher.Counted;
import io.squisher.apps.plan.Problems;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Distances between tasks, each from one (row) to another (column).
 *
 * @param labels the tasks
 * @param matrix {@code matrix[i][j]} from task i to task j; the diagonal is 0
 */
public record TaskDistances(List<String> labels, double[][] matrix) {
    /** A ranking of what is not a number would look like any other. */
    private static void refuseNoNumber(
            List<TaskEmbedding> tasks, double[][] matrix, Distance distance, Problems problems) {
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix.length; j++) {
                if (Double.isNaN(matrix[i][j])) {
                    problems.add("the distance from '" + tasks.get(i).label() + "' to '"
                            + tasks.get(j).label() + "' is not a number by "
                            + distance.name().toLowerCase(Locale.ROOT).replace('_', '-')
                            + ": an embedding is the same in every group, or out of range");
                    return;
                }
            }
        }
    }

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
                        + Counted.of(task.values().length, "number") + " from "
                        + Counted.of(task.groups().size(), "tensor") + ", and "
                        + first.values().length + " from " + first.groups().size()
                        + "); embeddings are compared over one probe network");
            }
        }
        for (TaskEmbedding task : tasks) {
            if (Arrays.stream(task.values()).noneMatch(value -> value != 0)) {
                problems.add("the embedding of '" + task.label() + "' is 0 in every group, so that it is as near to all"
                        + " others; compute it from a Fisher that is not 0");
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
        refuseNoNumber(tasks, matrix, distance, problems);
        problems.throwIfAny();
        return new TaskDistances(tasks.stream().map(TaskEmbedding::label).toList(), matrix);
    }

    /** In a few words, for whoever looks at a value. */
    @Override
    public String toString() {
        return "distances of " + labels + ": " + Arrays.deepToString(matrix);
    }
}
