package io.squisher.format.tensorflow;

import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.weights.Role;
import java.util.Set;

/**
 * What the variables of a checkpoint are for. An optimizer's slots and counters are no parameters, though they have the shapes of
 * some: pruning would count them, and merging mix them.
 */
final class TensorFlowRoles {
    private final ObjectNames graph;
    private final Set<String> kept;

    /**
     * Roles in a checkpoint.
     *
     * @param graph the names in {@code file}'s object graph; none where it has no such graph
     */
    TensorFlowRoles(BundleFile file, ObjectNames graph) {
        this.graph = graph;
        this.kept = graph.isEmpty() ? GraphSlots.kept(file.names()) : Set.of();
    }

    static TensorFlowRoles of(BundleFile file) {
        return new TensorFlowRoles(file, ObjectNames.of(file));
    }

    /** Whether a key is that of an optimizer's variable, or of the bookkeeping of saving. */
    boolean isOptimizers(String key) {
        return graph.isEmpty() ? kept.contains(key) : ObjectSlots.isOptimizers(key, graph);
    }

    /** Whether a variable is gathered from data, by the last part of its name. */
    static boolean isStatistic(String name) {
        return name.endsWith("moving_mean") || name.endsWith("moving_variance");
    }

    /**
     * The role of the variable under {@code key}.
     *
     * @param otherwise that of a variable of this type which neither an optimizer keeps nor data fill
     */
    Role role(String key, Role otherwise) {
        if (isOptimizers(key)) {
            return Role.CONSTANT;
        }
        return isStatistic(ObjectNames.path(key)) ? Role.STATISTIC : otherwise;
    }
}
