package io.squisher.onnx.data;

import io.squisher.proto.onnx.TensorShapeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** The sizes that a model declares of an input, and which arrays of examples fit them. */
record DeclaredInput(ValueInfoProto input) {
    /** Common, and used for other sizes too: they count only where an output has an axis of the same name. */
    private static final Set<String> SHORT_NAMES = Set.of("n", "b", "bs", "nb");

    /** How much a declared size speaks for its axis counting examples, the best first. */
    private enum Fit {
        FREE,
        ONE,
        FIXED
    }

    String name() {
        return input.getName();
    }

    boolean hasShape() {
        return input.getType().getTensorType().hasShape();
    }

    int rank() {
        return shape().getDimCount();
    }

    private TensorShapeProto shape() {
        return input.getType().getTensorType().getShape();
    }

    /** The fixed size of an axis, or -1. */
    long size(int axis) {
        TensorShapeProto.Dimension dim = shape().getDim(axis);
        return dim.hasDimValue() && dim.getDimValue() > 0 ? dim.getDimValue() : -1;
    }

    /** Whether what an array has beside its axis of examples is what the input has beside its own. */
    boolean takes(Shape array, int arrayAxis, int axis) {
        if (array.rank() != (axis < 0 ? rank() + 1 : rank())) {
            return false;
        }
        List<Long> given = without(array, arrayAxis);
        int at = 0;
        for (int i = 0; i < rank(); i++) {
            if (i != axis) {
                long size = size(i);
                if (size > 0 && size != given.get(at)) {
                    return false;
                }
                at++;
            }
        }
        return true;
    }

    private static List<Long> without(Shape array, int axis) {
        List<Long> dims = new ArrayList<>();
        for (int i = 0; i < array.rank(); i++) {
            if (i != axis) {
                dims.add(array.dim(i));
            }
        }
        return dims;
    }

    /** The axis whose name says that it counts examples, where there is one. */
    OptionalInt namedAxis(List<ValueInfoProto> outputs) {
        int[] named = IntStream.range(0, rank())
                .filter(axis -> isNamed(shape().getDim(axis).getDimParam(), outputs))
                .toArray();
        return named.length == 1 ? OptionalInt.of(named[0]) : OptionalInt.empty();
    }

    private static boolean isNamed(String name, List<ValueInfoProto> outputs) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean common = SHORT_NAMES.contains(lower)
                && outputs.stream()
                        .flatMap(output -> output.getType().getTensorType().getShape().getDimList().stream())
                        .anyMatch(dim -> dim.getDimParam().equals(name));
        return lower.contains("batch") || common;
    }

    /** Those of some axes whose declared sizes speak most for counting {@code count} examples. */
    List<Integer> likeliest(List<Integer> axes) {
        for (Fit fit : Fit.values()) {
            List<Integer> found = axes.stream().filter(axis -> fit(axis) == fit).toList();
            if (!found.isEmpty()) {
                return found;
            }
        }
        return axes;
    }

    private Fit fit(int axis) {
        long size = axis < 0 ? -1 : size(axis);
        return size < 0 ? Fit.FREE : size == 1 ? Fit.ONE : Fit.FIXED;
    }

    /** As {@code [N, 3, 224]}. */
    String describe() {
        List<String> dims = new ArrayList<>();
        shape().getDimList()
                .forEach(dim -> dims.add(
                        dim.hasDimValue()
                                ? Long.toString(dim.getDimValue())
                                : dim.hasDimParam() ? dim.getDimParam() : "?"));
        return dims.toString();
    }
}
