package io.squisher.apps.compare;

import io.squisher.Counted;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whether two diagonals agree within a tolerance.
 *
 * @param sentence what was not kept, without a full stop; empty where all was
 */
public record Verdict(boolean passed, Optional<String> sentence) {
    /** Nothing was asked for, or all was kept. */
    public static final Verdict PASSED = new Verdict(true, Optional.empty());

    /** How many of the tensors that exceed the tolerance are named. */
    private static final int WORST = 10;

    /**
     * Looks at the relative error of every tensor; a tensor that one side lacks is an error too.
     *
     * @param tolerance the largest relative error that passes, not negative
     */
    public static Verdict of(Comparison comparison, double tolerance) {
        List<Map.Entry<String, Agreement>> worst = comparison.tensors().entrySet().stream()
                .filter(entry -> !(entry.getValue().relativeError() <= tolerance))
                .sorted(Comparator.comparingDouble(entry -> -entry.getValue().relativeError()))
                .toList();
        if (!worst.isEmpty()) {
            List<String> named = worst.stream()
                    .limit(WORST)
                    .map(entry -> String.format(
                            Locale.ROOT,
                            "'%s' %.2e",
                            entry.getKey(),
                            entry.getValue().relativeError()))
                    .toList();
            return failed("the relative error exceeds " + tolerance + " in " + worst.size() + " of "
                    + Counted.of(comparison.tensors().size(), "tensor") + "; the worst: " + String.join(", ", named));
        }
        boolean complete =
                comparison.onlyInFirst().isEmpty() && comparison.onlyInSecond().isEmpty();
        return complete ? PASSED : failed("the files do not hold the same tensors");
    }

    private static Verdict failed(String sentence) {
        return new Verdict(false, Optional.of(sentence));
    }
}
