package io.squisher.apps.merge;

import io.squisher.SquisherException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Finds the models' weights that score best on a validation set, as the reference of Fisher merging does. The score of
 * the winner is optimistic: it was chosen by it. Judge the merged model on data that took no part.
 */
public final class WeightSearch {
    /** Weights that the reference tries. */
    public static final int DEFAULT_TRIALS = 51;

    private WeightSearch() {}

    /**
     * Weights and their score.
     *
     * @param weights one for each model, summing to 1
     * @param score larger is better
     */
    public record Trial(List<Double> weights, double score) {}

    /**
     * Every weighting.
     *
     * @param trials in the order in which they were tried
     * @param best the first of the best
     */
    public record Outcome(List<Trial> trials, Trial best) {}

    /**
     * Evenly spaced weights of two models, from (1, 0) to (0, 1).
     *
     * @param trials at least 2
     * @throws SquisherException if there are not two models: a grid over more grows beyond use
     */
    public static List<List<Double>> grid(int models, int trials) {
        if (models != 2) {
            throw new SquisherException("a grid of weights is for two models, got " + models + "; use --search random");
        }
        List<List<Double>> weights = new ArrayList<>();
        for (int i = 0; i < trials; i++) {
            double second = (double) i / (trials - 1);
            weights.add(List.of(1 - second, second));
        }
        return weights;
    }

    /** Weights drawn uniformly from all that are not negative and sum to 1 (Dirichlet of parameter 1). */
    public static List<List<Double>> random(int models, int trials, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Double>> weights = new ArrayList<>();
        for (int i = 0; i < trials; i++) {
            List<Double> exponentials = new ArrayList<>();
            for (int model = 0; model < models; model++) {
                exponentials.add(-Math.log(1 - random.nextDouble()));
            }
            double sum = exponentials.stream().mapToDouble(Double::doubleValue).sum();
            weights.add(exponentials.stream().map(value -> value / sum).toList());
        }
        return weights;
    }

    /** Scores every candidate and finds the best. */
    public static Outcome run(List<List<Double>> candidates, ToDoubleFunction<List<Double>> score) {
        List<Trial> trials = new ArrayList<>();
        for (List<Double> weights : candidates) {
            trials.add(new Trial(weights, score.applyAsDouble(weights)));
        }
        Trial best = trials.get(0);
        for (Trial trial : trials) {
            best = trial.score() > best.score() || Double.isNaN(best.score()) ? trial : best;
        }
        return new Outcome(List.copyOf(trials), best);
    }
}
