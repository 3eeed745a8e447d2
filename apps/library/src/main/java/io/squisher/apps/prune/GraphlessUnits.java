package io.squisher.apps.prune;

import io.squisher.Article;
import io.squisher.tensor.Tensor;
import io.squisher.units.UnitGroup;
import io.squisher.units.UnitSlice;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The units of a model whose file has no graph: an output filter is a slice of a weight tensor along its first or last
 * axis. Which biases and which readers belong to it the file does not say, so these units can only be masked.
 */
public final class GraphlessUnits {
    private GraphlessUnits() {}

    /** The groups of all weights of rank 2 (neurons) and above (filters), with outputs along the {@code last} axis or the first. */
    public static List<UnitGroup> of(WeightSource model, boolean last) {
        List<UnitGroup> groups = new ArrayList<>();
        for (String name : model.names()) {
            Tensor tensor = model.tensor(name);
            int rank = tensor.shape().rank();
            if (rank < 2 || model.role(name) != Role.PARAMETER || !tensor.type().isFloating()) {
                continue;
            }
            int axis = last ? rank - 1 : 0;
            long count = tensor.shape().dim(axis);
            if (count > 1 && count <= Integer.MAX_VALUE) {
                groups.add(new UnitGroup(
                        name,
                        rank > 2 ? UnitGroup.Kind.FILTERS : UnitGroup.Kind.NEURONS,
                        (int) count,
                        List.of(new UnitSlice(name, axis)),
                        List.of(),
                        Optional.of(Article.of(model.format().name()) + " has no graph that says what reads them")));
            }
        }
        return groups;
    }
}
