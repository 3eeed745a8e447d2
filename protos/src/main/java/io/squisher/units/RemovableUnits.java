package io.squisher.units;

import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** The units of one model, and the writing of that model without some of them. */
public interface RemovableUnits {
    /** The model's file. */
    Path path();

    /** All groups, those that cannot lose units too, in the order of the layers. */
    List<UnitGroup> groups();

    /**
     * Writes the model without the units that do not stay.
     *
     * @param output a file; it appears whole or not at all
     * @param model the weights
     * @param kept per group the units that stay, at least one; groups that are not named stay whole
     * @param replaced parameters with other values, in the shapes that they have in {@code model}
     * @param metadata what the output's metadata should say
     * @throws io.squisher.SquisherException if a group cannot lose units
     */
    void write(
            Path output,
            WeightSource model,
            Map<UnitGroup, BitSet> kept,
            Map<String, Tensor> replaced,
            Map<String, String> metadata);
}
