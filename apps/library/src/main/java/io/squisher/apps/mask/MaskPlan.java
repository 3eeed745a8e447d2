package io.squisher.apps.mask;

import io.squisher.Counted;
import io.squisher.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A mask that is ready to be written.
 *
 * @param masks zeros and ones by parameter name, computed as they are read; all ones for excluded parameters
 * @param total all parameters
 * @param kept ones, excluded parameters included
 * @param excluded parameters that are kept because they are excluded
 * @param metadata what the file's metadata should say
 * @param warnings complete lines for the user
 */
public record MaskPlan(
        Map<String, Tensor> masks,
        long total,
        long kept,
        long excluded,
        Map<String, String> metadata,
        List<String> warnings) {
    public MaskPlan {
        masks = new LinkedHashMap<>(masks);
        metadata = Map.copyOf(metadata);
        warnings = List.copyOf(warnings);
    }

    /** How many are kept, and why, in a sentence without a full stop. */
    public String summary() {
        return kept + " of " + Counted.of(total, "parameter") + " are kept"
                + (excluded == 0 ? "" : ", " + excluded + " of them because they are excluded");
    }

    /** In a few words, for whoever looks at a value. */
    @Override
    public String toString() {
        return "mask: " + kept + " of " + Counted.of(total, "parameter") + " in " + Counted.of(masks.size(), "tensor")
                + " are kept, " + excluded + " of them because they are excluded"
                + (warnings.isEmpty() ? "" : "; warnings: " + String.join("; ", warnings));
    }
}
