package io.squisher.apps.quantization;

import io.squisher.Counted;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Formats within a budget, beside what the other methods would have chosen.
 *
 * @param tensors what each format costs each tensor
 * @param assignments by method, in the order of {@link PlanMethod}; a method that finds nothing within the budget is missing
 * @param method the one that was asked for
 * @param weights how many are rounded
 * @param weightsHash of the tensors, by {@link io.squisher.weights.ContentHash}
 * @param variant what metadata say of the Fisher
 * @param warnings complete lines for the user
 */
public record PrecisionPlan(
        List<TensorLosses> tensors,
        Map<PlanMethod, Assignment> assignments,
        PlanMethod method,
        long weights,
        String weightsHash,
        Map<String, String> variant,
        List<String> warnings) {
    public PrecisionPlan {
        tensors = List.copyOf(tensors);
        assignments = new LinkedHashMap<>(assignments);
        variant = new LinkedHashMap<>(variant);
        warnings = List.copyOf(warnings);
    }

    /** What the method chose that was asked for. */
    public Assignment chosen() {
        return assignments.get(method);
    }

    /** What another method chose, if anything is within the budget. */
    public Optional<Assignment> of(PlanMethod other) {
        return Optional.ofNullable(assignments.get(other));
    }

    /** Bits a weight of an assignment. */
    public double bitsPerWeight(Assignment assignment) {
        return (double) assignment.bits() / weights;
    }

    /** In a sentence without a full stop. */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "%s of %s at %.4f bits a weight, expected rise of the loss %.4g",
                Counted.of(tensors.size(), "tensor"),
                Counted.of(weights, "weight"),
                bitsPerWeight(chosen()),
                chosen().loss());
    }

    @Override
    public String toString() {
        return "plan: " + summary();
    }
}
