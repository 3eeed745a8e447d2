package io.squisher.apps.unlearn;

import io.squisher.Counted;
import io.squisher.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What dampening leaves.
 *
 * @param tensors the dampened parameters by name, computed as they are read
 * @param counts what happens to each of them
 * @param metadata what the output's metadata should say
 * @param warnings complete lines for the user
 */
public record DampeningPlan(
        Map<String, Tensor> tensors,
        Map<String, DampenedTensor> counts,
        Map<String, String> metadata,
        List<String> warnings) {
    public DampeningPlan {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
        metadata = Map.copyOf(metadata);
        warnings = List.copyOf(warnings);
    }

    /** Parameters that were looked at. */
    public long total() {
        return counts.values().stream().mapToLong(DampenedTensor::parameters).sum();
    }

    /** Parameters that are dampened. */
    public long dampened() {
        return counts.values().stream().mapToLong(DampenedTensor::dampened).sum();
    }

    /** In a sentence without a full stop. */
    public String summary() {
        return dampened() + " of " + Counted.of(total(), "parameter") + " in " + Counted.of(counts.size(), "tensor")
                + " dampened";
    }

    /** In a few words, for whoever looks at a value. */
    @Override
    public String toString() {
        return "unlearn: " + summary() + (warnings.isEmpty() ? "" : "; warnings: " + String.join("; ", warnings));
    }
}
