package io.squisher.apps.topk;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A rule that says how important each coordinate of a parameter is; a Fisher-free baseline is one as well. */
public interface Scoring {
    /** Its name on the command line and in metadata. */
    String name();

    /** Its options, by name, for metadata. */
    Map<String, String> variant();

    /** Complete lines for the user. */
    default List<String> warnings() {
        return List.of();
    }

    /**
     * The scores of a parameter's coordinates: float64, not negative, computed as they are read.
     *
     * @throws io.squisher.SquisherException if there are none for this parameter
     */
    Tensor of(String parameter);

    /** The Fisher that the scores are made of, which must belong to the model that they are used on; empty without one. */
    default Optional<NamedFisher> fisher() {
        return Optional.empty();
    }
}
