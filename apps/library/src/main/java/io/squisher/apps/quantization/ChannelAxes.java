package io.squisher.apps.quantization;

import io.squisher.tensor.Shape;

/** Where a tensor counts its output channels. */
@FunctionalInterface
public interface ChannelAxes {
    /** Along the first axis: PyTorch's matrices, kernels of convolutions, tables of embeddings. */
    ChannelAxes FIRST = (name, shape) -> 0;

    /** Along the last axis: matrices of Keras, TensorFlow and JAX, and most of ONNX. */
    ChannelAxes LAST = (name, shape) -> Math.max(0, shape.rank() - 1);

    /**
     * The axis, from 0.
     *
     * @param name of the tensor
     * @param shape of the tensor, of at least two axes
     */
    int of(String name, Shape shape);
}
