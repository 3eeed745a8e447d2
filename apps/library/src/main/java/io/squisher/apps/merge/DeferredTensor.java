package io.squisher.apps.merge;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** A tensor of known type and shape whose values need a pass over other tensors first. */
record DeferredTensor(TensorSpec spec, Supplier<Tensor> values) implements Tensor {
    @Override
    public ElementType type() {
        return spec.type();
    }

    @Override
    public Shape shape() {
        return spec.shape();
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        values.get().readBytes(offset, target);
    }
}
