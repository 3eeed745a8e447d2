package io.squisher.apps.merge;

import io.squisher.apps.plan.Problems;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A rule that makes one parameter tensor out of the models' tensors of that name. */
public interface MergeMethod {
    /** Its name on the command line and in the metadata. */
    String name();

    /** Its options, by name, for the metadata: enough to compute the same again. */
    Map<String, String> variant();

    /** Models beside those that are merged (a base), which must have the same parameters and fitting Fishers. */
    default List<MergeInput> references() {
        return List.of();
    }

    /** Reports what these models lack for this method. */
    void check(List<MergeInput> models, Problems problems);

    /**
     * Does what must be known before the first tensor (such as the norm of a whole Fisher).
     *
     * @param merged the parameters that will be asked for
     */
    Prepared prepare(List<MergeInput> models, Set<String> merged);

    /**
     * A method bound to its models.
     *
     * @param warnings complete lines for the user
     * @param remarks what was decided for each model, in order, for the metadata
     * @param weight what the task vectors weigh, where a method measures that as its tensors are read
     */
    record Prepared(TensorMerge merge, List<String> warnings, List<String> remarks, Optional<TaskVectorWeight> weight) {
        /** A method that measures nothing. */
        Prepared(TensorMerge merge, List<String> warnings, List<String> remarks) {
            this(merge, warnings, remarks, Optional.empty());
        }
    }

    /** Makes the merged tensor of a name, in the type of the first model's; it is computed when it is read. */
    @FunctionalInterface
    interface TensorMerge {
        Tensor of(String name);
    }
}
