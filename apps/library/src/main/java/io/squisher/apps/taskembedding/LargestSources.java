package io.squisher.apps.taskembedding;

import io.squisher.SquisherException;
import java.util.Comparator;
import java.util.List;

/** The task with the most data is the best source: the baseline, which looks at no Fisher. */
public record LargestSources(List<TaskEmbedding> tasks) implements SourceRanking {
    /**
     * The baseline over these tasks.
     *
     * @throws SquisherException if the data size of one is unknown
     */
    public LargestSources {
        tasks = List.copyOf(tasks);
        for (TaskEmbedding task : tasks) {
            if (task.dataSize() <= 0) {
                throw new SquisherException("'" + task.label() + "' does not say how large its data set is");
            }
        }
    }

    @Override
    public List<String> sourcesFor(String target) {
        return tasks.stream()
                .filter(task -> !task.label().equals(target))
                .sorted(Comparator.comparingLong((TaskEmbedding task) -> -task.dataSize()))
                .map(TaskEmbedding::label)
                .toList();
    }
}
