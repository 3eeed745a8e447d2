package io.squisher.tf.graph;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * A tensor in TensorFlow's memory, read where it lies. It is readable until the TensorFlow tensor is closed.
 *
 * <p>The tensor that a session returns for a reference variable IS the variable: later training steps change it. Whoever
 * keeps it beyond the next step needs {@link #copy()}.
 */
public final class SessionTensor implements Tensor {
    private final ElementType type;
    private final Shape shape;
    private final ByteDataBuffer data;

    private SessionTensor(ElementType type, Shape shape, ByteDataBuffer data) {
        this.type = type;
        this.shape = shape;
        this.data = data;
    }

    /** A view of {@code tensor}, which is called {@code name} in messages. */
    public static SessionTensor of(String name, org.tensorflow.Tensor tensor) {
        ElementType type = ElementTypes.of(tensor.dataType(), name);
        return new SessionTensor(
                type, Shape.of(tensor.shape().asArray()), tensor.asRawTensor().data());
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        int count = target.remaining();
        if (count == 0) {
            return;
        }
        data.slice(offset, count).copyTo(DataBuffers.of(target.slice()), count);
        target.position(target.position() + count);
    }

    /** The same values in memory of our own. */
    public Tensor copy() {
        return Tensor.of(type, shape, toBytes());
    }
}
