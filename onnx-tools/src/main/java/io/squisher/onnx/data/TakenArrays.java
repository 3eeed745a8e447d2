package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which arrays of a data file are taken: those named after the model's inputs, the labels, and those that all examples share.
 * Others may be anything: names of classes, a mean, a seed.
 */
public record TakenArrays(OnnxFile model, String labels, Set<String> shared) {
    /**
     * The examples of a file. Arrays that nobody takes are left out where they are no arrays of examples.
     *
     * @param notices told once of all arrays that are left out
     * @throws SquisherException if an array that is taken cannot be read, or does not have the examples of the others
     */
    public Examples of(NpzFile data, Consumer<String> notices) {
        Set<String> taken = names();
        data.unread().forEach((name, problem) -> {
            if (taken.contains(name)) {
                throw new SquisherException(problem
                        + (name.equals(labels)
                                ? "; labels are numbers, of classes numpy.unique(" + name + ", return_inverse=True)[1]"
                                : ""));
            }
        });
        Map<String, Tensor> arrays = new LinkedHashMap<>(data.arrays());
        OptionalLong count = arrays.entrySet().stream()
                .filter(entry -> taken.contains(entry.getKey()) && !shared.contains(entry.getKey()))
                .map(entry -> entry.getValue().shape())
                .filter(shape -> shape.rank() > 0)
                .mapToLong(shape -> shape.dim(0))
                .findFirst();
        List<String> left = new ArrayList<>(data.unread().keySet());
        arrays.forEach((name, array) -> {
            if (!taken.contains(name) && count.isPresent() && !hasExamples(array.shape(), count.getAsLong())) {
                left.add(name);
            }
        });
        arrays.keySet().removeAll(left);
        if (!left.isEmpty()) {
            notices.accept("left out " + left + " of '" + data.path()
                    + "': neither inputs of the model nor labels, and no arrays of examples");
        }
        return Examples.of(data.path().toString(), arrays, shared);
    }

    private static boolean hasExamples(Shape shape, long count) {
        return shape.rank() > 0 && shape.dim(0) == count;
    }

    private Set<String> names() {
        Set<String> names = new LinkedHashSet<>(shared);
        names.add(labels);
        model.model().getGraph().getInputList().forEach(input -> names.add(input.getName()));
        return names;
    }
}
