package io.squisher.checkpoint;

import io.squisher.proto.Accumulator;
import java.util.List;
import java.util.Map;

/**
 * Accumulators of squared gradients, as an optimizer keeps them.
 *
 * @param facts optimizer, slot, decay, step and what else the file says
 * @param slots one for each of the optimizer's parameters, in its order
 * @param notes what the user should know of these numbers
 * @param own the facts of slots that have other settings or steps, complete, by the slot's key
 */
public record OptimizerState(Accumulator facts, List<Slot> slots, List<String> notes, Map<String, Accumulator> own) {
    public OptimizerState {
        slots = List.copyOf(slots);
        notes = List.copyOf(notes);
        own = Map.copyOf(own);
    }

    /** Accumulators that all have the same settings and steps. */
    public OptimizerState(Accumulator facts, List<Slot> slots, List<String> notes) {
        this(facts, slots, notes, Map.of());
    }

    /** The facts of one slot. */
    public Accumulator factsOf(Slot slot) {
        return own.getOrDefault(slot.key(), facts);
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
