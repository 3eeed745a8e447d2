package io.squisher.tf.training;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A term of a loss that depends on the parameters alone, with its gradient in closed form. */
public interface Penalty {
    /** The scalar to add to the data's loss. */
    Operand<TFloat32> term();

    /**
     * The term's gradient with respect to a variable, of the variable's shape.
     *
     * <p>The forward pass computes it, and backpropagation needs it; so it is there before any update changes the variable.
     *
     * @return empty if the term does not depend on the variable
     */
    Optional<Operand<TFloat32>> gradient(String variable);
}
