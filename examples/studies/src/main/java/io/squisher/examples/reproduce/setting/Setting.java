package io.squisher.examples.reproduce.setting;

import io.squisher.examples.reproduce.setting.RunResult.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One experiment: Fisher, Squisher and baselines under the same conditions. */
public interface Setting {
    /** Its name on the command line and in file names. */
    String name();

    Panel panel();

    /** What it measures, the paper's quantity first. */
    List<Part> parts();

    /** Everything that was chosen, in words; a run is repeated where one of these changed. */
    Map<String, String> hyperparameters();

    /** What one run took on one core of an AMD EPYC, seconds; weighs the estimate of the time. */
    double referenceSeconds();

    /** What {@link #choose} took, likewise. */
    default double referenceChoiceSeconds() {
        return hasChoice() ? referenceSeconds() : 0;
    }

    /** Whether {@link #choose} has something to choose. */
    default boolean hasChoice() {
        return false;
    }

    /** Chooses hyperparameters on validation images, with a seed that is not reported. */
    default Optional<Outcome> choose(Run run) {
        return Optional.empty();
    }

    /** Whether {@link #choose} chooses among numbers, of which the best may lie at an edge; otherwise among ways. */
    default boolean choosesNumbers() {
        return true;
    }

    /** What {@link #choose} chose for a method, in words. */
    default String words(double chosen) {
        return Listed.of(chosen);
    }

    /** Measures. */
    Outcome run(Run run);
}
