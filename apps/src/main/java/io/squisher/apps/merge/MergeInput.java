package io.squisher.apps.merge;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.weights.WeightSource;
import java.util.Optional;

/**
 * A model to merge; its files must stay open until the merged model is written.
 *
 * @param fisher its sensitivities, for methods that use them
 * @param share its weight λ for each tensor; not negative, relative to the other models'
 */
public record MergeInput(WeightSource weights, Optional<NamedFisher> fisher, ModelWeight share) {
    /** A model with one weight for all tensors. */
    public MergeInput(WeightSource weights, Optional<NamedFisher> fisher, double weight) {
        this(weights, fisher, ModelWeight.of(weight));
    }

    /** The file, for messages. */
    String label() {
        return weights.path().toString();
    }
}
