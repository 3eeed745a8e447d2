package io.squisher.apps.merge;

import io.squisher.Counted;
import io.squisher.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A merge that has passed all checks. Nothing is computed yet: the tensors are when somebody reads them, and they fail
 * with the tensor's name if a Fisher holds something that no Fisher can.
 *
 * @param treatments what happens to each tensor of the first model, in its order
 * @param tensors the tensors that differ from the first model's, by name; computed as they are read
 * @param metadata what the output's metadata should say
 * @param warnings complete lines for the user
 * @param taskVectorWeight what the task vectors weigh together, known once the tensors have been read; empty for methods that do
 *     not measure it
 */
public record MergePlan(
        Map<String, Treatment> treatments,
        Map<String, Tensor> tensors,
        Map<String, String> metadata,
        List<String> warnings,
        Optional<TaskVectorWeight> taskVectorWeight) {
    public MergePlan {
        treatments = new LinkedHashMap<>(treatments);
        tensors = new LinkedHashMap<>(tensors);
        metadata = Map.copyOf(metadata);
        warnings = List.copyOf(warnings);
    }

    /** How many tensors are treated so. */
    public long count(Treatment treatment) {
        return treatments.values().stream().filter(treatment::equals).count();
    }

    /** What happens to how many tensors, in a sentence without a full stop. */
    public String summary() {
        return Counted.of(count(Treatment.MERGED), "parameter") + " merged, "
                + Counted.of(count(Treatment.AVERAGED), "tensor") + " averaged, " + count(Treatment.COPIED) + " copied";
    }

    /** What is known only after all tensors have been read; complete lines for the user. */
    public List<String> lateWarnings() {
        return taskVectorWeight.flatMap(TaskVectorWeight::warning).stream().toList();
    }

    /** In a few words, for whoever looks at a value. */
    @Override
    public String toString() {
        return "merge: " + summary() + (warnings.isEmpty() ? "" : "; warnings: " + String.join("; ", warnings));
    }
}
