package io.squisher.checkpoint.folder;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which checkpoints are kept: the last few, and beside them every one at a multiple of some step, and the best few.
 *
 * @param last how many of the newest; at least 1
 * @param everySteps keeps those whose step is a multiple of it for ever; 0 for none
 * @param best how many of the best by metric; 0 for none
 * @param higherIsBetter whether a high metric (accuracy) is good, or a low one (loss)
 */
public record Retention(int last, long everySteps, int best, boolean higherIsBetter) {
    public Retention {
        if (last < 1 || everySteps < 0 || best < 0) {
            throw new IllegalArgumentException(
                    "retention needs last >= 1, everySteps >= 0, best >= 0: " + last + ", " + everySteps + ", " + best);
        }
    }

    /** Keeps the newest {@code count}. */
    public static Retention last(int count) {
        return new Retention(count, 0, 0, true);
    }

    /** Keeps, beside these, each checkpoint whose step is a multiple of {@code steps}. */
    public Retention andEvery(long steps) {
        return new Retention(last, steps, best, higherIsBetter);
    }

    /** Keeps, beside these, the {@code count} of the highest metric. */
    public Retention andHighest(int count) {
        return new Retention(last, everySteps, count, true);
    }

    /** Keeps, beside these, the {@code count} of the lowest metric. */
    public Retention andLowest(int count) {
        return new Retention(last, everySteps, count, false);
    }

    /** Those of {@code all}, oldest first, that stay. */
    Set<SavedCheckpoint> kept(List<SavedCheckpoint> all) {
        Set<SavedCheckpoint> kept = new LinkedHashSet<>(all.subList(Math.max(0, all.size() - last), all.size()));
        all.stream()
                .filter(checkpoint -> everySteps > 0 && checkpoint.step() % everySteps == 0)
                .forEach(kept::add);
        Comparator<SavedCheckpoint> worstFirst =
                Comparator.comparingDouble(checkpoint -> checkpoint.metric().orElseThrow());
        all.stream()
                .filter(checkpoint -> checkpoint.metric().isPresent())
                .sorted(higherIsBetter ? worstFirst.reversed() : worstFirst)
                .limit(best)
                .forEach(kept::add);
        return kept;
    }
}
