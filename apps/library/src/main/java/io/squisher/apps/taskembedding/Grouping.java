package io.squisher.apps.taskembedding;

import io.squisher.tensor.Shape;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which parameters are averaged into one number.
 *
 * @param kind what a group is
 * @param axis where filters are counted in a weight tensor
 * @param vectors what becomes of tensors of rank 0 and 1: biases and the scales of normalisations
 * @param exclude parameters in whose name this is found (the head) are left out
 */
public record Grouping(Kind kind, FilterAxis axis, Vectors vectors, Optional<Pattern> exclude) {
    /** Task2Vec's: per output filter of the weights, with filters along the first axis and without biases. */
    public static final Grouping TASK2VEC = new Grouping(Kind.FILTER, FilterAxis.FIRST, Vectors.DROP, Optional.empty());

    /** What a group is. */
    public enum Kind {
        /** An output filter, channel or neuron. */
        FILTER,
        /** A whole tensor. */
        TENSOR,
        /** A single parameter: no average at all. */
        ELEMENT
    }

    /** The axis of the output filters. */
    public enum FilterAxis {
        /** PyTorch, and ONNX's Conv and Gemm: [out, in, …]. */
        FIRST,
        /** TensorFlow, and ONNX's MatMul: […, in, out]. */
        LAST
    }

    /** The fate of vectors and scalars. */
    public enum Vectors {
        /** Left out. */
        DROP,
        /** Kept: each element is its filter's. */
        KEEP
    }

    boolean covers(String name, Shape shape) {
        boolean excluded = exclude.map(pattern -> pattern.matcher(name).find()).orElse(false);
        return !excluded && (shape.rank() > 1 || vectors == Vectors.KEEP) && shape.size() > 0;
    }

    /** How many groups a tensor has. */
    long groups(Shape shape) {
        return switch (kind) {
            case TENSOR -> 1;
            case ELEMENT -> shape.size();
            case FILTER ->
                shape.rank() == 0 ? 1 : axis == FilterAxis.FIRST ? shape.dim(0) : shape.dim(shape.rank() - 1);
        };
    }

    /** The group of the element at a row-major index, 0 to {@link #groups} − 1. */
    long groupOf(Shape shape, long index) {
        long groups = groups(shape);
        boolean strided = kind == Kind.FILTER && axis == FilterAxis.LAST;
        return strided ? index % groups : index / (shape.size() / groups);
    }
}
