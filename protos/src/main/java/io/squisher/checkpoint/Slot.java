package io.squisher.checkpoint;

import io.squisher.tensor.Tensor;
import java.util.Optional;

/**
 * The place of one parameter in an optimizer.
 *
 * @param key how the file calls it: an index or a name
 * @param group index of its parameter group
 * @param decayed whether the group has a weight decay
 * @param name the parameter's name, where the file gives it
 * @param accumulator its squared gradients; absent for a parameter that never had a gradient
 */
public record Slot(String key, int group, boolean decayed, Optional<String> name, Optional<Tensor> accumulator) {
    /** A slot whose name is known and which is in no group. */
    public static Slot named(String name, Tensor accumulator) {
        return new Slot(name, 0, false, Optional.of(name), Optional.of(accumulator));
    }

    /** A slot known by its position alone. */
    public static Slot positional(int position, Tensor accumulator) {
        return new Slot(Integer.toString(position), 0, false, Optional.empty(), Optional.of(accumulator));
    }

    /** Whether a parameter of that shape can belong here. */
    boolean fits(Tensor parameter) {
        return accumulator.isEmpty() || accumulator.get().shape().equals(parameter.shape());
    }
}
