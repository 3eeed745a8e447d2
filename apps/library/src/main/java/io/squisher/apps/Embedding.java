package io.squisher.apps;

import io.squisher.NamePattern;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.taskembedding.Grouping;
import io.squisher.apps.taskembedding.TaskEmbedding;
import io.squisher.fisher.FisherScale;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A task as a vector (Task2Vec), from the Fisher of a probe network on its data:
 *
 * <pre>{@code
 * List<TaskEmbedding> tasks = List.of(Embedding.of(fisherA).compute(), Embedding.of(fisherB).compute());
 * double[][] distances = TaskDistances.of(tasks, Distance.COSINE).matrix();
 * }</pre>
 *
 * <p>Not for several threads at once.
 */
public final class Embedding {
    private final Path fisher;
    private Grouping grouping = Grouping.TASK2VEC;
    private FisherScale scale = FisherScale.BATCH_IF_KNOWN;

    private Embedding(Path fisher) {
        this.fisher = fisher;
    }

    /** The embedding of a Fisher or Squisher. */
    public static Embedding of(Path fisher) {
        return new Embedding(fisher);
    }

    /** Which parameters are averaged into one number; {@link Grouping#TASK2VEC} unless given. */
    public Embedding groups(Grouping groups) {
        grouping = groups;
        return this;
    }

    /** Parameters in whose name {@code regex} is found are left out: the head. */
    public Embedding exclude(String regex) {
        grouping =
                new Grouping(grouping.kind(), grouping.axis(), grouping.vectors(), Optional.of(NamePattern.of(regex)));
        return this;
    }

    /** What an accumulator is multiplied with; {@link FisherScale#BATCH_IF_KNOWN} unless given. */
    public Embedding scale(FisherScale given) {
        scale = given;
        return this;
    }

    /**
     * Reads the Fisher once.
     *
     * @return the vector, called after the file
     * @throws io.squisher.SquisherException if no parameter is left, or the file is no Fisher
     */
    public TaskEmbedding compute() {
        try (OpenFiles open = new OpenFiles()) {
            List<NamedFisher> named = open.fishers(List.of(fisher));
            open.throwIfAny();
            String label = String.valueOf(fisher.getFileName()).replaceFirst("\\.[^.]*$", "");
            return TaskEmbedding.of(named.get(0), grouping, scale).withLabel(label);
        }
    }

    /** What is embedded. */
    @Override
    public String toString() {
        return "embedding of " + fisher + ": call compute()";
    }
}
