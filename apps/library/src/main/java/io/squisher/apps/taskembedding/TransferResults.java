package io.squisher.apps.taskembedding;

import io.squisher.SquisherException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What transfer really brought.
 *
 * @param scores per target, per source, the score after the transfer; larger is better
 */
public record TransferResults(Map<String, Map<String, Double>> scores) {
    /**
     * Mean over the targets of 1/rank of the truly best source, 0 to 1.
     *
     * @throws SquisherException if a task in the results is not ranked, or there is no target
     */
    public double meanReciprocalRank(SourceRanking ranking, List<String> tasks) {
        double sum = 0;
        int targets = 0;
        for (Map.Entry<String, Map<String, Double>> target : scores.entrySet()) {
            check(target.getKey(), tasks);
            target.getValue().keySet().forEach(source -> check(source, tasks));
            List<String> candidates = ranking.sourcesFor(target.getKey()).stream()
                    .filter(target.getValue()::containsKey)
                    .toList();
            if (candidates.isEmpty()) {
                throw new SquisherException("the transfer results name no source for '" + target.getKey() + "'");
            }
            String best = candidates.stream()
                    .max(Comparator.comparingDouble(target.getValue()::get))
                    .orElseThrow();
            sum += 1.0 / (candidates.indexOf(best) + 1);
            targets++;
        }
        if (targets == 0) {
            throw new SquisherException("the transfer results name no target");
        }
        return sum / targets;
    }

    private static void check(String task, List<String> tasks) {
        if (!tasks.contains(task)) {
            throw new SquisherException("the transfer results name the task '" + task + "', known are " + tasks);
        }
    }
}
