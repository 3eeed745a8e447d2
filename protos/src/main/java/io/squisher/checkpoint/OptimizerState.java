package io.squisher.checkpoint;

import io.squisher.proto.Accumulator;
import java.util.List;

/**
 * Accumulators of squared gradients, as an optimizer keeps them.
 *
 * @param facts optimizer, slot, decay, step and what else the file says
 * @param slots one for each of the optimizer's parameters, in its order
 * @param notes what the user should know of these numbers
 */
public record OptimizerState(Accumulator facts, List<Slot> slots, List<String> notes) {
    public OptimizerState {
        slots = List.copyOf(slots);
        notes = List.copyOf(notes);
    }

    /** Whether the file itself names every parameter. */
    public boolean isNamed() {
        return slots.stream().allMatch(slot -> slot.name().isPresent());
    }

    /** The number of parameter groups. */
    public int groups() {
        return slots.stream().mapToInt(Slot::group).max().orElse(-1) + 1;
    }
}
