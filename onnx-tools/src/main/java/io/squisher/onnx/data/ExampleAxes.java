package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Where a model and a data file count examples. Said by the user, by the name of a dimension, or by the sizes of the data:
 * of all axes that an array fits, the first is taken where nothing speaks against it, and otherwise the only one.
 */
final class ExampleAxes {
    /** An input without an axis of examples: it takes one example as it is. */
    static final int NONE = -1;

    /**
     * Of one input.
     *
     * @param model the input's axis, or {@link #NONE}
     * @param data the array's axis
     */
    record Place(int model, int data) {}

    private final List<DeclaredInput> inputs;
    private final List<ValueInfoProto> outputs;
    private final Map<String, Integer> said;

    /**
     * @param said axes that the user gave, by name of an input
     */
    ExampleAxes(List<ValueInfoProto> inputs, List<ValueInfoProto> outputs, Map<String, Integer> said) {
        this.inputs = inputs.stream().map(DeclaredInput::new).toList();
        this.outputs = outputs;
        this.said = said;
    }

    /** The places for arrays that all have their examples first; inputs that nothing fits count on their first axis. */
    Map<String, Integer> ofLeading(Map<String, Shape> arrays) {
        Map<String, Integer> axes = new LinkedHashMap<>();
        for (DeclaredInput input : inputs) {
            Shape array = arrays.get(input.name());
            if (array != null) {
                Optional<Place> place = place(input, array, array.dim(0), false);
                axes.put(
                        input.name(), place.map(Place::model).orElse(said(input).orElse(0)));
            }
        }
        return axes;
    }

    /**
     * The places for arrays that have their examples first, or where the input has them.
     *
     * @param labels the shape of the labels, where there are any
     * @return empty where no number of examples fits all arrays
     */
    Optional<Map<String, Place>> of(Map<String, Shape> arrays, Optional<Shape> labels) {
        for (long count : counts(arrays, labels)) {
            Map<String, Place> places = new LinkedHashMap<>();
            for (DeclaredInput input : inputs) {
                Shape array = arrays.get(input.name());
                if (array != null) {
                    place(input, array, count, true).ifPresent(place -> places.put(input.name(), place));
                }
            }
            if (places.keySet().containsAll(arrays.keySet()) && fits(labels, count, places)) {
                return Optional.of(places);
            }
        }
        return Optional.empty();
    }

    private static boolean fits(Optional<Shape> labels, long count, Map<String, Place> places) {
        return labels.isEmpty() || axisOfLabels(labels.get(), count, places).isPresent();
    }

    /** The axis of the labels that counts examples: the first, or that of an input. */
    static OptionalInt axisOfLabels(Shape labels, long count, Map<String, Place> places) {
        Set<Integer> axes = new LinkedHashSet<>(Set.of(0));
        places.values().forEach(place -> axes.add(place.data()));
        return axes.stream()
                .mapToInt(Integer::intValue)
                .filter(axis -> axis < labels.rank() && labels.dim(axis) == count)
                .findFirst();
    }

    /** Numbers of examples to try: those of arrays that are as the model takes them, then those of first axes. */
    private Set<Long> counts(Map<String, Shape> arrays, Optional<Shape> labels) {
        Set<Long> counts = new LinkedHashSet<>();
        for (DeclaredInput input : inputs) {
            Shape array = arrays.get(input.name());
            OptionalInt axis = known(input);
            if (array != null && axis.isPresent() && axis.getAsInt() < array.rank() && array.rank() == input.rank()) {
                counts.add(array.dim(axis.getAsInt()));
            }
        }
        labels.filter(shape -> shape.rank() > 0).ifPresent(shape -> counts.add(shape.dim(0)));
        arrays.values().stream().filter(shape -> shape.rank() > 0).forEach(shape -> counts.add(shape.dim(0)));
        return counts;
    }

    private OptionalInt said(DeclaredInput input) {
        Integer axis = said.get(input.name());
        return axis == null ? OptionalInt.empty() : OptionalInt.of(axis < 0 ? axis + input.rank() : axis);
    }

    private OptionalInt known(DeclaredInput input) {
        OptionalInt axis = said(input);
        return axis.isPresent() ? axis : input.namedAxis(outputs);
    }

    private Optional<Place> place(DeclaredInput input, Shape array, long count, boolean own) {
        if (array.rank() == 0) {
            return Optional.empty();
        }
        if (!input.hasShape()) {
            int axis = said.getOrDefault(input.name(), 0);
            boolean there = own && axis < array.rank() && array.dim(axis) == count;
            return there || array.dim(0) == count ? Optional.of(new Place(axis, there ? axis : 0)) : Optional.empty();
        }
        if (said(input).isPresent()) {
            return best(input, fitting(input, array, count, List.of(said(input).getAsInt()), own));
        }
        OptionalInt named = input.namedAxis(outputs);
        if (named.isPresent()) {
            Optional<Place> place = best(input, fitting(input, array, count, List.of(named.getAsInt()), own));
            if (place.isPresent()) {
                return place;
            }
        }
        List<Integer> all =
                new ArrayList<>(IntStream.range(0, input.rank()).boxed().toList());
        all.add(NONE);
        return best(input, fitting(input, array, count, all, own));
    }

    private static List<Place> fitting(DeclaredInput input, Shape array, long count, List<Integer> axes, boolean own) {
        List<Place> places = new ArrayList<>();
        for (int axis : axes) {
            boolean there = own && axis > 0 && axis < array.rank() && array.dim(axis) == count;
            if (there && input.takes(array, axis, axis)) {
                places.add(new Place(axis, axis));
            } else if (array.dim(0) == count && input.takes(array, 0, axis)) {
                places.add(new Place(axis, 0));
            }
        }
        return places;
    }

    private static Optional<Place> best(DeclaredInput input, List<Place> places) {
        if (places.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> axes = input.likeliest(places.stream().map(Place::model).toList());
        List<Place> best =
                places.stream().filter(place -> axes.contains(place.model())).toList();
        Optional<Place> first =
                best.stream().filter(place -> place.model() == 0).findFirst();
        if (first.isPresent() || best.size() == 1) {
            return Optional.of(first.orElse(best.get(0)));
        }
        throw new SquisherException("the examples may be on any of the axes " + axes + " of the input '" + input.name()
                + "' " + input.describe() + "; say which with --example-axis " + input.name() + "=" + axes.get(0));
    }
}
