package io.squisher.apps.quantization;

import io.squisher.apps.quantization.number.Candidate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A format for each tensor, and what it costs.
 *
 * @param chosen by tensor, in ascending order of the names
 * @param unit bits that sizes were rounded up to while the budget was divided; 1 where the division is exact
 */
public record Assignment(PlanMethod method, Map<String, CandidateLoss> chosen, long unit) {
    public Assignment {
        chosen = new LinkedHashMap<>(chosen);
    }

    /** Bits of all tensors. */
    public long bits() {
        return chosen.values().stream().mapToLong(CandidateLoss::bits).sum();
    }

    /** ½ Σ F (w − Q(w))² over all tensors. */
    public double loss() {
        return chosen.values().stream().mapToDouble(CandidateLoss::loss).sum();
    }

    /** Σ (w − Q(w))² over all tensors. */
    public double error() {
        return chosen.values().stream().mapToDouble(CandidateLoss::error).sum();
    }

    /** How many tensors have which format, by its name. */
    public Map<String, Integer> formats() {
        Map<String, Integer> formats = new TreeMap<>();
        chosen.values().stream()
                .map(CandidateLoss::candidate)
                .map(Candidate::name)
                .forEach(name -> formats.merge(name, 1, Integer::sum));
        return formats;
    }
}
