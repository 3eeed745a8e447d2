package io.squisher.apps.prune;

import io.squisher.Counted;
import io.squisher.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What pruning leaves.
 *
 * @param tensors the pruned parameters by name, computed as they are read
 * @param masks 1 where a parameter stays, by name; excluded parameters stay whole
 * @param total eligible parameters
 * @param kept how many of them stay
 * @param metadata what the output's metadata should say
 * @param warnings complete lines for the user
 */
public record PrunePlan(
        Map<String, Tensor> tensors,
        Map<String, Tensor> masks,
        long total,
        long kept,
        Map<String, String> metadata,
        List<String> warnings) {
    public PrunePlan {
        tensors = new LinkedHashMap<>(tensors);
        masks = new LinkedHashMap<>(masks);
        metadata = Map.copyOf(metadata);
        warnings = List.copyOf(warnings);
    }

    /** How many are pruned, in a sentence without a full stop. */
    public String summary() {
        return share() + " are 0";
    }

    private String share() {
        return total - kept + " of " + Counted.of(total, "parameter") + " in " + Counted.of(tensors.size(), "tensor");
    }

    /** In a few words, for whoever looks at a value. */
    @Override
    public String toString() {
        return "prune: " + share() + " become 0"
                + (warnings.isEmpty() ? "" : "; warnings: " + String.join("; ", warnings));
    }
}
