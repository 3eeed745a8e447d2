package io.squisher.onnx.graph;

import io.squisher.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The shape of a tensor in a graph: at most one axis counts examples, all others are fixed. */
public record TensorShape(List<Dim> dims) {
    /** A scalar. */
    public static final TensorShape SCALAR = new TensorShape(List.of());

    public TensorShape {
        dims = List.copyOf(dims);
        if (dims.stream().filter(Dim::perExample).count() > 1) {
            throw new IllegalArgumentException("two axes count examples in " + dims);
        }
    }

    public static TensorShape of(Dim... dims) {
        return new TensorShape(Arrays.asList(dims));
    }

    /** A shape without examples. */
    public static TensorShape fixed(long... dims) {
        return new TensorShape(Arrays.stream(dims).mapToObj(Dim::of).toList());
    }

    /** {@code [N, dims…]}. */
    public static TensorShape perExample(long... dims) {
        return perExample(fixed(dims));
    }

    /** {@code [N, shape…]}. */
    public static TensorShape perExample(TensorShape shape) {
        List<Dim> all = new ArrayList<>();
        all.add(Dim.EXAMPLES);
        all.addAll(shape.dims);
        return new TensorShape(all);
    }

    /** The shape of a single example's output as that of a batch: its first axis counts examples if it can. */
    public TensorShape ofBatch() {
        return hasExamples() || rank() == 0 || size(0) != 1 ? this : with(0, Dim.EXAMPLES);
    }

    /** What one example has, without the axis that counts them. */
    public Shape ofExample() {
        return Shape.of(dims.stream()
                .filter(dim -> !dim.perExample())
                .mapToLong(Dim::factor)
                .toArray());
    }

    public int rank() {
        return dims.size();
    }

    /** The dimension of axis {@code axis}; negative axes count from the end. */
    public Dim dim(int axis) {
        return dims.get(Axes.fromFirst(axis, rank()));
    }

    /** The fixed size of an axis, or what N is multiplied with. */
    public long size(int axis) {
        return dim(axis).factor();
    }

    /** The axis that counts examples, or -1. */
    public int exampleAxis() {
        for (int axis = 0; axis < rank(); axis++) {
            if (dims.get(axis).perExample()) {
                return axis;
            }
        }
        return -1;
    }

    public boolean hasExamples() {
        return exampleAxis() >= 0;
    }

    /** Elements of one example: the product of all dimensions but N. */
    public long sizePerExample() {
        return product(0, rank());
    }

    /** The product of the factors of axes {@code from} to {@code to}, excluding {@code to}. */
    public long product(int from, int to) {
        long product = 1;
        for (int axis = from; axis < to; axis++) {
            product = Math.multiplyExact(product, dims.get(axis).factor());
        }
        return product;
    }

    /** This shape with another dimension at {@code axis}. */
    public TensorShape with(int axis, Dim dim) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.set(Axes.fromFirst(axis, rank()), dim);
        return new TensorShape(changed);
    }

    /** Axes {@code from} to {@code to}, excluding {@code to}. */
    public TensorShape slice(int from, int to) {
        return new TensorShape(dims.subList(from, to));
    }

    /** The axes in the order of {@code permutation}. */
    public TensorShape permuted(int... permutation) {
        return new TensorShape(Arrays.stream(permutation).mapToObj(dims::get).toList());
    }

    /**
     * The shape of an elementwise operation on two tensors.
     *
     * @throws IllegalArgumentException if they do not fit
     */
    public static TensorShape broadcast(TensorShape a, TensorShape b) {
        int rank = Math.max(a.rank(), b.rank());
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            Dim left = axis < rank - a.rank() ? Dim.of(1) : a.dims.get(axis - rank + a.rank());
            Dim right = axis < rank - b.rank() ? Dim.of(1) : b.dims.get(axis - rank + b.rank());
            if (!left.equals(right) && !left.isOne() && !right.isOne()) {
                throw new IllegalArgumentException("the shapes " + a + " and " + b + " do not fit together");
            }
            dims.add(left.isOne() ? right : left);
        }
        return new TensorShape(dims);
    }

    @Override
    public String toString() {
        return dims.stream().map(Dim::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
