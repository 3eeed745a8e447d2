package io.squisher.units;

import java.util.List;
import java.util.Optional;

/**
 * Units that do the same work side by side: the filters of a convolution, the neurons of a layer, the heads of an
 * attention. Where layers are added to each other, their units of one place are one unit.
 *
 * @param name of the layer that makes them, unique in its model
 * @param kind what they are
 * @param count how many
 * @param own slices of the parameters that compute the units: weights, biases, the scales of a normalisation; and of a
 *     normalisation's statistics
 * @param outgoing slices of the weights that read the units; with these 0, a unit has no effect
 * @param obstacle why the units cannot be taken out of the network; empty where they can
 */
public record UnitGroup(
        String name, Kind kind, int count, List<UnitSlice> own, List<UnitSlice> outgoing, Optional<String> obstacle) {
    public UnitGroup {
        own = List.copyOf(own);
        outgoing = List.copyOf(outgoing);
    }

    /** Sorts of units. */
    public enum Kind {
        /** Output channels of convolutions. */
        FILTERS,
        /** Outputs of linear layers. */
        NEURONS,
        /** Attention heads: their queries, keys and values together. */
        HEADS
    }

    /** Whether the units can go, and the network becomes smaller. */
    public boolean isRemovable() {
        return obstacle.isEmpty();
    }
}
