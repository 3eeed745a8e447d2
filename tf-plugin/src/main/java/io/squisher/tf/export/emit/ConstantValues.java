package io.squisher.tf.export.emit;

import io.squisher.tensor.Tensor;
import java.util.Optional;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/** Values that a graph computes without its inputs' values. */
public interface ConstantValues {
    /** The value of {@code output}; empty where it depends on an input or a variable. */
    Optional<Tensor> of(Output<?> output);

    /** The value of {@code output}, which depends on the shape of {@code fed} alone, when {@code fed} has this shape. */
    Tensor ofShape(Output<?> output, Output<?> fed, Shape shape);
}
