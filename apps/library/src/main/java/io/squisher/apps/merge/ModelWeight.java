package io.squisher.apps.merge;

import java.util.List;

/**
 * A model's share λ, which may differ between tensors.
 *
 * @param rules tried in order; the last matches everything
 * @param origin where it comes from
 */
public record ModelWeight(List<Rule> rules, Origin origin) {
    /** 1 everywhere. */
    public static final ModelWeight ONE = ModelWeight.of(1);

    public ModelWeight {
        rules = List.copyOf(rules);
        if (rules.isEmpty() || !rules.get(rules.size() - 1).matchesAll()) {
            throw new IllegalArgumentException("the last rule of a weight matches every tensor");
        }
    }

    /** Who says how much a model weighs. */
    public enum Origin {
        /** The user, or nobody: then 1. */
        GIVEN,
        /** The number of examples that the model was trained on. */
        DATA_SIZE,
        /** A search on a validation set. */
        SEARCH
    }

    /**
     * A weight for some tensors.
     *
     * @param filter a part of the tensors' names; empty for all
     */
    public record Rule(String filter, double value) {
        boolean matchesAll() {
            return filter.isEmpty();
        }
    }

    /** One weight for all tensors. */
    public static ModelWeight of(double value) {
        return of(value, Origin.GIVEN);
    }

    /** One weight for all tensors. */
    public static ModelWeight of(double value, Origin origin) {
        return new ModelWeight(List.of(new Rule("", value)), origin);
    }

    /** Weights for some tensors each. */
    public static ModelWeight of(List<Rule> rules) {
        return new ModelWeight(rules, Origin.GIVEN);
    }

    /** The weight of a tensor: that of the first rule whose filter is part of its name. */
    public double in(String tensor) {
        return rules.stream()
                .filter(rule -> tensor.contains(rule.filter()))
                .findFirst()
                .orElseThrow()
                .value();
    }

    /** The number, or the rules as {@code filter=value, …}. */
    @Override
    public String toString() {
        return rules.size() == 1
                ? Double.toString(rules.get(0).value())
                : String.join(
                        ", ",
                        rules.stream()
                                .map(rule -> (rule.matchesAll() ? "*" : rule.filter()) + "=" + rule.value())
                                .toList());
    }
}
