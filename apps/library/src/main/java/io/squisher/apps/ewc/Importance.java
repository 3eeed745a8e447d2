package io.squisher.apps.ewc;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How firmly each parameter is held where a task left it; penalties that ask no Fisher are importances as well. */
public interface Importance {
    /** What it is called in notes. */
    String name();

    /** The parameters that it holds. */
    Set<String> parameters();

    /**
     * The importance of a parameter's coordinates: float64, not negative, computed as it is read.
     *
     * @throws io.squisher.SquisherException if it does not hold this parameter
     */
    Tensor of(String parameter);

    /** The type that the importance of a parameter is known in: float64, or float32 for all narrower ones. */
    ElementType precision(String parameter);

    /** Complete lines for the user. */
    List<String> warnings();

    /** The Fisher that it comes from, which must belong to the task's weights; empty without one. */
    default Optional<NamedFisher> fisher() {
        return Optional.empty();
    }
}
