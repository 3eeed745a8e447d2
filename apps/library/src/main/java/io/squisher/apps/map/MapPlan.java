package io.squisher.apps.map;

import io.squisher.fisher.FisherDiagonal;
import java.util.List;
import java.util.Map;

/**
 * A mapping.
 *
 * @param diagonal the Fisher under the target's names
 * @param matches one for each of its tensors
 * @param unmatched parameters of the target that got none, each with the reason
 * @param unused tensors of the Fisher that went nowhere
 */
public record MapPlan(
        FisherDiagonal diagonal, List<Match> matches, Map<String, String> unmatched, List<String> unused) {
    public MapPlan {
        matches = List.copyOf(matches);
        unmatched = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(unmatched));
        unused = List.copyOf(unused);
    }
}
