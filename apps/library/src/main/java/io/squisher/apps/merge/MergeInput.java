package io.squisher.apps.merge;

import io.squisher.SquisherException;
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

    /**
     * A model that weighs as much as there were examples to train it on.
     *
     * @throws SquisherException if its Fisher does not say how many
     */
    public static MergeInput byDataSize(WeightSource weights, Optional<NamedFisher> fisher) {
        long size = fisher.map(NamedFisher::dataSize).orElse(0L);
        if (size <= 0) {
            throw new SquisherException(
                    "'" + weights.path() + "' has no Fisher that says how large its data set is, which"
                            + " is to be its weight; give the weights as numbers");
        }
        return new MergeInput(weights, fisher, ModelWeight.of(size, ModelWeight.Origin.DATA_SIZE));
    }

    /** The file, for messages. */
    String label() {
        return weights.path().toString();
    }
}
