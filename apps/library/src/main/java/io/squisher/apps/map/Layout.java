package io.squisher.apps.map;

import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Shape;
import io.squisher.tensor.StridedTensor;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How the elements of one tensor stand in another: axes in another order, with axes of one element added or removed.
 *
 * @param axes of the source, without its axes of one element, in the target's order
 * @param shape of the target
 */
record Layout(int[] axes, Shape shape) {
    /** Weights of more axes are not permuted in practice, and there would be too many ways. */
    private static final int MAX_RANK = 5;

    /** The layout in which {@code source} has the values of {@code target}; the first of several. */
    static Optional<Layout> between(Tensor source, Tensor target) {
        Shape from = squeezed(source.shape());
        Shape to = squeezed(target.shape());
        if (source.size() != target.size() || from.rank() > MAX_RANK || from.rank() != to.rank()) {
            return reshape(source, target);
        }
        List<int[]> orders = new ArrayList<>();
        permutations(new int[from.rank()], 0, 0, orders);
        for (int[] order : orders) {
            Layout layout = new Layout(order, target.shape());
            if (layout.fits(from, to) && equal(layout.of(source), target)) {
                return Optional.of(layout);
            }
        }
        return reshape(source, target);
    }

    /** Axes merged or split, elements in the same order. */
    private static Optional<Layout> reshape(Tensor source, Tensor target) {
        int[] none = new int[0];
        Layout layout = new Layout(none, target.shape());
        return source.size() == target.size() && equal(layout.of(source), target)
                ? Optional.of(layout)
                : Optional.empty();
    }

    private boolean fits(Shape from, Shape to) {
        for (int i = 0; i < axes.length; i++) {
            if (from.dim(axes[i]) != to.dim(i)) {
                return false;
            }
        }
        return true;
    }

    /** Something in the source's layout, brought into the target's. */
    Tensor of(Tensor source) {
        Tensor flat = StridedTensor.reshaped(source, squeezed(source.shape()));
        Tensor ordered = axes.length == 0 ? flat : StridedTensor.permuted(flat, axes);
        return StridedTensor.reshaped(ordered, shape);
    }

    /** In words: as it is, transposed, or the order of axes. */
    String words() {
        int[] sorted = axes.clone();
        Arrays.sort(sorted);
        if (Arrays.equals(sorted, axes)) {
            return axes.length == 0 && shape.rank() > 1 ? "reshaped" : "";
        }
        return axes.length == 2 ? "transposed" : "axes " + Arrays.toString(axes);
    }

    private static Shape squeezed(Shape shape) {
        return Shape.of(Arrays.stream(shape.dims()).filter(dim -> dim != 1).toArray());
    }

    /** All orders, the unchanged one first. */
    private static void permutations(int[] order, int at, int used, List<int[]> all) {
        if (at == order.length) {
            all.add(order.clone());
            return;
        }
        for (int axis = 0; axis < order.length; axis++) {
            if ((used & 1 << axis) == 0) {
                order[at] = axis;
                permutations(order, at + 1, used | 1 << axis, all);
            }
        }
    }

    private static boolean equal(Tensor a, Tensor b) {
        ChunkReader reader = ChunkReader.upTo(a.size());
        int length = (int) Math.min(a.size(), 1 << 14);
        double[] left = new double[length];
        double[] right = new double[length];
        long at = 0;
        for (int count = reader.read(a, at, left); count > 0; count = reader.read(a, at, left)) {
            reader.read(b, at, right);
            for (int i = 0; i < count; i++) {
                if (left[i] != right[i] && !(Double.isNaN(left[i]) && Double.isNaN(right[i]))) {
                    return false;
                }
            }
            at += count;
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Layout layout && Arrays.equals(axes, layout.axes) && shape.equals(layout.shape);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(axes) * 31 + shape.hashCode();
    }
}
