package io.squisher.apps.convert;

import io.squisher.checkpoint.Pairing;
import io.squisher.fisher.FisherDiagonal;
import java.util.List;

/**
 * A conversion that has passed all checks; the values are read when somebody reads the tensors.
 *
 * @param diagonal what will be written
 * @param pairings the accumulator of every parameter, and how that is known
 * @param notes what the user should know of the numbers; also in the provenance
 * @param warnings complete lines
 */
public record ConversionPlan(
        FisherDiagonal diagonal, List<Pairing> pairings, List<String> notes, List<String> warnings) {
    public ConversionPlan {
        pairings = List.copyOf(pairings);
        notes = List.copyOf(notes);
        warnings = List.copyOf(warnings);
    }

    /** In a few words, for whoever looks at a value. */
    @Override
    public String toString() {
        return "conversion: " + diagonal + (warnings.isEmpty() ? "" : "; warnings: " + String.join("; ", warnings));
    }
}
