package io.squisher.apps.taskembedding;

import java.util.Comparator;
import java.util.List;

/** The nearest task is the best source, by the distance from source to target. */
public record NearestSources(TaskDistances distances) implements SourceRanking {
    @Override
    public List<String> sourcesFor(String target) {
        List<String> labels = distances.labels();
        int to = labels.indexOf(target);
        return labels.stream()
                .filter(label -> !label.equals(target))
                .sorted(Comparator.comparingDouble(label -> distances.matrix()[labels.indexOf(label)][to]))
                .toList();
    }
}
