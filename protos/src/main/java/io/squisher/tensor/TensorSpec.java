package io.squisher.tensor;

/** Element type and shape: what is known of a tensor before its values. */
public record TensorSpec(ElementType type, Shape shape) {
    public static TensorSpec of(Tensor tensor) {
        return new TensorSpec(tensor.type(), tensor.shape());
    }

    /** Bytes of all elements. */
    public long bytes() {
        return shape.size() * type.bytes();
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
