package io.squisher.apps.merge;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.weights.WeightSource;
import java.util.Optional;

/**
 * A model to merge; its files must stay open until the merged model is written.
 *
 * @param fisher its sensitivities, for methods that use them
 * @param weight its share λ; not negative, relative to the other models' weights
 */
public record MergeInput(WeightSource weights, Optional<NamedFisher> fisher, double weight) {
    /** The file, for messages. */
    String label() {
        return weights.path().toString();
    }
}
