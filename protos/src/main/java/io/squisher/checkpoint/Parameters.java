package io.squisher.checkpoint;

import io.squisher.SquisherException;
import io.squisher.Suggestions;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Parameters of a model, to give names to accumulators.
 *
 * @param label where they come from, for messages
 * @param tensors values by name
 * @param inOrder whether they stand in the order in which the model made them, which is how optimizers number them
 */
public record Parameters(String label, Map<String, Tensor> tensors, boolean inOrder) {
    /** Buffers of normalization layers, which state dicts hold between the parameters. */
    private static final List<String> BUFFERS = List.of("running_mean", "running_var", "num_batches_tracked");

    public Parameters {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /** The parameters in a file of weights; buffers and second names of tied tensors are left out. */
    public static Parameters of(WeightSource source) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : source.names()) {
            boolean buffer = BUFFERS.stream().anyMatch(name::endsWith);
            if (source.role(name) == Role.PARAMETER
                    && !buffer
                    && !source.aliases().containsKey(name)) {
                tensors.put(name, source.tensor(name));
            }
        }
        return new Parameters("'" + source.path() + "'", tensors, source.isInOrder());
    }

    /**
     * The same without tensors that can be no parameter of these slots: buffers, whose shape no accumulator has. A slot without an
     * accumulator may be of any shape, so then all stay.
     */
    Parameters ofShapesIn(List<Slot> slots) {
        Set<Shape> shapes = new HashSet<>();
        for (Slot slot : slots) {
            if (slot.accumulator().isEmpty()) {
                return this;
            }
            shapes.add(slot.accumulator().get().shape());
        }
        Map<String, Tensor> kept = new LinkedHashMap<>(tensors);
        kept.values().removeIf(tensor -> !shapes.contains(tensor.shape()));
        return kept.size() < slots.size() ? this : new Parameters(label, kept, inOrder);
    }

    /** Whether the names are in alphabetical order, as formats that sort them leave them; they say nothing of the model's order. */
    boolean isSorted() {
        List<String> names = List.copyOf(tensors.keySet());
        return names.size() > 1 && names.stream().sorted().toList().equals(names);
    }

    /**
     * The same parameters in the order of {@code names}.
     *
     * @throws SquisherException if a name is none of them
     */
    public Parameters inOrderOf(List<String> names) {
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        for (String name : names) {
            Tensor tensor = tensors.get(name);
            if (tensor == null) {
                throw new SquisherException("the list of names has '" + name + "', which " + label + " has not"
                        + Suggestions.didYouMean(name, tensors.keySet()) + "; where a program writes"
                        + " other names than its model has, save model.state_dict() with torch.save, and give that with"
                        + " --model");
            }
            ordered.put(name, tensor);
        }
        return new Parameters(label, ordered, true);
    }
}
