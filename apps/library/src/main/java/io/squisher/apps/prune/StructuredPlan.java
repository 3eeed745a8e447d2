package io.squisher.apps.prune;

import io.squisher.tensor.Tensor;
import io.squisher.units.UnitGroup;
import io.squisher.units.UnitSlice;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which units stay.
 *
 * @param kept the units that stay, by group, for all groups that took part
 * @param left groups of the wanted kind that did not take part, with the reason
 * @param tensors the parameters with zeros where a unit is gone: its own, and those that read it where that is known; in
 *     their old shapes, computed as they are read
 * @param masks 1 where those parameters stay
 * @param metadata what the output's metadata should say
 * @param warnings complete lines for the user
 */
public record StructuredPlan(
        Map<UnitGroup, BitSet> kept,
        Map<UnitGroup, String> left,
        Map<String, Tensor> tensors,
        Map<String, Tensor> masks,
        Map<String, String> metadata,
        List<String> warnings) {
    public StructuredPlan {
        kept = new LinkedHashMap<>(kept);
        left = new LinkedHashMap<>(left);
        tensors = new LinkedHashMap<>(tensors);
        masks = new LinkedHashMap<>(masks);
        metadata = Map.copyOf(metadata);
        warnings = List.copyOf(warnings);
    }

    /** All units that took part. */
    public long total() {
        return kept.keySet().stream().mapToLong(UnitGroup::count).sum();
    }

    /** How many of them go. */
    public long pruned() {
        return total() - kept.values().stream().mapToLong(BitSet::cardinality).sum();
    }

    /** The own parameters of groups that stay in the network, with zeros where a unit is gone. */
    public Map<String, Tensor> maskedOnly() {
        Map<String, Tensor> masked = new LinkedHashMap<>();
        kept.keySet().stream()
                .filter(group -> !group.isRemovable())
                .flatMap(group -> group.own().stream())
                .map(UnitSlice::parameter)
                .filter(tensors::containsKey)
                .forEach(name -> masked.put(name, tensors.get(name)));
        return masked;
    }

    /** The groups whose units can be taken out of the network, with what stays of them. */
    public Map<UnitGroup, BitSet> removable() {
        Map<UnitGroup, BitSet> removable = new LinkedHashMap<>(kept);
        removable.keySet().removeIf(group -> !group.isRemovable());
        return removable;
    }
}
