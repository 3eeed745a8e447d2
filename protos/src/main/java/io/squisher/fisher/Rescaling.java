package io.squisher.fisher;

import io.squisher.SquisherException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the numbers of one diagonal become comparable with those of another, tensor by tensor: where several optimizers
 * trained the parameters, each has its own bias correction.
 *
 * @param byTensor the corrections of tensors that have their own
 * @param common the correction of all other tensors; empty where every tensor must have its own
 * @param scaleUnknown whether the factor to the mean empirical Fisher could not be found, so that only ratios within the
 *     diagonal mean something
 * @param description the rule in words, for metadata
 * @param warnings complete lines for the user
 */
public record Rescaling(
        Map<String, Correction> byTensor,
        Optional<Correction> common,
        boolean scaleUnknown,
        String description,
        List<String> warnings) {
    /** Nothing changes. */
    public static final Rescaling IDENTITY = uniform(new Correction(0, 1), false, "as stored", List.of());

    public Rescaling {
        byTensor = Map.copyOf(byTensor);
        warnings = List.copyOf(warnings);
    }

    /** The same correction for all tensors. */
    public static Rescaling uniform(
            Correction correction, boolean scaleUnknown, String description, List<String> warnings) {
        return new Rescaling(Map.of(), Optional.of(correction), scaleUnknown, description, warnings);
    }

    /** The same with more warnings. */
    public Rescaling withWarnings(List<String> more) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(more);
        return new Rescaling(byTensor, common, scaleUnknown, description, all);
    }

    /**
     * The correction of one tensor.
     *
     * @throws SquisherException if none is known for it
     */
    public Correction of(String tensor) {
        Correction own = byTensor.get(tensor);
        if (own != null) {
            return own;
        }
        return common.orElseThrow(() -> new SquisherException("tensor '" + tensor
                + "' is in no optimizer group of its file's provenance, so that its decay and step are"
                + " not known; make the file again"));
    }

    /**
     * What the numbers of all tensors are multiplied with, where they share one correction.
     *
     * @throws SquisherException if each optimizer group has its own
     */
    public double factor() {
        return common.orElseThrow(() -> new SquisherException(
                        "several optimizers trained the parameters, each with a decay and step of its own: there is no one"
                                + " factor for all"))
                .factor();
    }

    /** The number to use for a stored one of {@code tensor}; NaN stays NaN. */
    public double apply(String tensor, double stored) {
        return of(tensor).apply(stored);
    }
}
