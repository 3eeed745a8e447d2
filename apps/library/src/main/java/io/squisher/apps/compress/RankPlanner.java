package io.squisher.apps.compress;

import io.squisher.SquisherException;
import io.squisher.apps.plan.MultipleChoice;
import io.squisher.apps.plan.MultipleChoice.Choice;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Divides a budget of weights over layers, by each method. */
final class RankPlanner {
    private final List<LayerLosses> layers;
    private final double share;

    /**
     * A planner.
     *
     * @param share of the layers' weights that may stay
     */
    RankPlanner(List<LayerLosses> layers, double share) {
        this.layers = layers;
        this.share = share;
    }

    private long weights() {
        return layers.stream().mapToLong(LayerLosses::weights).sum();
    }

    /** What each method chooses; one that finds nothing within the budget is missing. */
    Map<CompressionMethod, RankAssignment> assignments() {
        Map<CompressionMethod, RankAssignment> assignments = new EnumMap<>(CompressionMethod.class);
        for (CompressionMethod method : CompressionMethod.values()) {
            boolean measured = layers.stream().allMatch(layer -> layer.losses().containsKey(method));
            if (measured) {
                Optional<RankAssignment> found =
                        switch (method) {
                            case FISHER, TWO_SIDED ->
                                divided(method, rank -> rank.loss().orElseThrow());
                            case SVD -> divided(method, RankLoss::error);
                            case UNIFORM -> uniform();
                        };
                found.ifPresent(assignment -> assignments.put(method, assignment));
            }
        }
        return assignments;
    }

    private Optional<RankAssignment> divided(CompressionMethod method, ToDoubleFunction<RankLoss> cost) {
        List<List<Choice>> items = layers.stream()
                .map(layer -> layer.losses().get(method).stream()
                        .map(rank -> new Choice(rank.weights(), cost.applyAsDouble(rank)))
                        .toList())
                .toList();
        long budget = (long) Math.floor(share * weights());
        return MultipleChoice.solve(items, budget).map(solution -> {
            Map<String, RankLoss> chosen = new LinkedHashMap<>();
            for (int i = 0; i < layers.size(); i++) {
                LayerLosses layer = layers.get(i);
                chosen.put(
                        layer.name(),
                        layer.losses().get(method).get(solution.picks().get(i)));
            }
            return new RankAssignment(method, chosen, solution.unit());
        });
    }

    /** In each layer the largest rank within the share. */
    private Optional<RankAssignment> uniform() {
        Map<String, RankLoss> chosen = new LinkedHashMap<>();
        for (LayerLosses layer : layers) {
            layer.losses().get(CompressionMethod.UNIFORM).stream()
                    .filter(rank -> rank.weights() <= share * layer.weights())
                    .reduce((smaller, larger) -> larger)
                    .ifPresent(rank -> chosen.put(layer.name(), rank));
        }
        return chosen.size() == layers.size()
                ? Optional.of(new RankAssignment(CompressionMethod.UNIFORM, chosen, 1))
                : Optional.empty();
    }

    /** Why a method found nothing. */
    SquisherException beyond(String task, CompressionMethod method) {
        if (method == CompressionMethod.UNIFORM) {
            return new SquisherException(task + ": in some layer even rank 1 takes more than " + share
                    + " of the weights; raise --budget, or let each layer have its own share with --method svd");
        }
        long least = layers.stream()
                .mapToLong(layer -> (long) layer.inputs() + layer.outputs())
                .sum();
        return new SquisherException(String.format(
                Locale.ROOT,
                "%s: rank 1 in all layers takes %.4f of their weights, which is more than %s; raise --budget",
                task,
                (double) least / weights(),
                share));
    }
}
