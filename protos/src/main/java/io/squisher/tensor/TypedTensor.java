package io.squisher.tensor;

/** A tensor whose type and shape are known when it is made. */
public abstract class TypedTensor implements Tensor {
    private final ElementType type;
    private final Shape shape;

    protected TypedTensor(ElementType type, Shape shape) {
        this.type = type;
        this.shape = shape;
    }

    @Override
    public final ElementType type() {
        return type;
    }

    @Override
    public final Shape shape() {
        return shape;
    }

    /** The type and the shape. */
    @Override
    public final String toString() {
        return type + shape.toString();
    }
}
