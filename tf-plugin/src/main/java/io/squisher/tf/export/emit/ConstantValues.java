package io.squisher.tf.export.emit;

import io.squisher.tensor.Tensor;
import java.util.Optional;
import org.tensorflow.Output;

/** Values that a graph computes from constants alone. */
public interface ConstantValues {
    /** The value of {@code output}; empty where it depends on an input or a variable. */
    Optional<Tensor> of(Output<?> output);
}
