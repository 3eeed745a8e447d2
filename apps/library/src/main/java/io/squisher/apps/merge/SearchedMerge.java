package io.squisher.apps.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A merge whose weights are found by trying.
 *
 * @param models with the weights that were found
 * @param outcome what was tried
 * @param metric what the scores are: accuracy, or a loss of which less is better
 */
public record SearchedMerge(List<MergeInput> models, WeightSearch.Outcome outcome, String metric) {
    /** The metric of which more is better. */
    private static final String ACCURACY = "accuracy";

    /**
     * What a merged model is worth.
     *
     * @param metric the same for all
     */
    public record Score(String metric, double value) {}

    /**
     * Merges with every candidate, has each scored, and takes the best.
     *
     * @param candidates a weight for each model
     * @param scorer looks at the merge with some weights
     */
    public static SearchedMerge of(
            List<MergeInput> models,
            MergeMethod method,
            MergeOptions options,
            List<List<Double>> candidates,
            BiFunction<List<Double>, MergePlan, Score> scorer) {
        List<String> metrics = new ArrayList<>();
        WeightSearch.Outcome outcome = WeightSearch.run(candidates, weights -> {
            Score score = scorer.apply(weights, Merge.plan(weighted(models, weights), method, options));
            metrics.add(score.metric());
            return score.metric().equals(ACCURACY) ? score.value() : -score.value();
        });
        return new SearchedMerge(weighted(models, outcome.best().weights()), outcome, metrics.get(0));
    }

    private static List<MergeInput> weighted(List<MergeInput> models, List<Double> weights) {
        List<MergeInput> weighted = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            ModelWeight share = ModelWeight.of(weights.get(i), ModelWeight.Origin.SEARCH);
            weighted.add(new MergeInput(models.get(i).weights(), models.get(i).fisher(), share));
        }
        return weighted;
    }
}
