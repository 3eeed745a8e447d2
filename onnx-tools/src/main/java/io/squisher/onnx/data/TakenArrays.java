package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.Suggestions;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.ExampleAxes.Place;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which arrays of a data file are taken: those named after the model's inputs, the labels, and those that all examples share.
 * Others may be anything: names of classes, a mean, a seed.
 *
 * <p>The first axis of an array counts examples, or the one that counts them in the model's input.
 *
 * @param axes by name of an input, an output or the labels, the axis that counts examples in the model
 */
public record TakenArrays(OnnxFile model, String labels, Set<String> shared, Map<String, Integer> axes) {
    /** Without axes that the user gave. */
    public TakenArrays(OnnxFile model, String labels, Set<String> shared) {
        this(model, labels, shared, Map.of());
    }

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
        requireKnown(arrays.keySet());
        Map<String, Place> places = places(arrays);
        places.forEach((name, place) -> {
            arrays.computeIfPresent(name, (key, array) -> MovedAxis.of(array, place.data(), 0));
            if (place.data() > 0) {
                notices.accept("the examples of the array '" + name + "' of '" + data.path() + "' are on its axis "
                        + place.data());
            }
        });
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
        return Examples.of(data.path().toString(), arrays, shared).withAxes(modelAxes(places));
    }

    private void requireKnown(Set<String> arrays) {
        Set<String> known = new LinkedHashSet<>(names());
        known.removeAll(shared);
        model.model().getGraph().getOutputList().forEach(output -> known.add(output.getName()));
        for (String name : axes.keySet()) {
            if (!known.contains(name) && !arrays.contains(name)) {
                throw new SquisherException("the axis of examples was given for '" + name
                        + "', which is no input, output or array of labels" + Suggestions.didYouMean(name, known)
                        + "; there are " + known);
            }
        }
    }

    /** Where inputs and labels count examples; without a way that fits, arrays are left as they are, and refused later. */
    private Map<String, Place> places(Map<String, Tensor> arrays) {
        GraphProto graph = model.model().getGraph();
        Map<String, Shape> shapes = new LinkedHashMap<>();
        List<ValueInfoProto> inputs = new ArrayList<>();
        for (ValueInfoProto input : graph.getInputList()) {
            Tensor array = arrays.get(input.getName());
            if (array != null && !shared.contains(input.getName())) {
                inputs.add(input);
                shapes.put(input.getName(), array.shape());
            }
        }
        Optional<Shape> ofLabels = Optional.ofNullable(arrays.get(labels)).map(Tensor::shape);
        Map<String, Place> places = new LinkedHashMap<>();
        new ExampleAxes(inputs, graph.getOutputList(), axes)
                .of(shapes, axes.containsKey(labels) ? Optional.empty() : ofLabels)
                .ifPresent(places::putAll);
        int given = axes.getOrDefault(labels, 0);
        ofLabels.ifPresent(shape -> {
            int own = given < 0 ? given + shape.rank() : given;
            OptionalInt found = places.isEmpty() || axes.containsKey(labels)
                    ? OptionalInt.of(own)
                    : ExampleAxes.axisOfLabels(shape, count(shapes, places), places);
            if (found.isPresent() && found.getAsInt() >= 0 && found.getAsInt() < Math.max(1, shape.rank())) {
                places.put(labels, new Place(0, found.getAsInt()));
            }
        });
        return places;
    }

    private static long count(Map<String, Shape> shapes, Map<String, Place> places) {
        Map.Entry<String, Place> first = places.entrySet().iterator().next();
        return shapes.get(first.getKey()).dim(first.getValue().data());
    }

    /** What the user gave, and what was found and is not the first axis; inputs without one are found again. */
    private Map<String, Integer> modelAxes(Map<String, Place> places) {
        Map<String, Integer> all = new LinkedHashMap<>(axes);
        places.forEach((name, place) -> {
            if (place.model() > 0) {
                all.putIfAbsent(name, place.model());
            }
        });
        return all;
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
