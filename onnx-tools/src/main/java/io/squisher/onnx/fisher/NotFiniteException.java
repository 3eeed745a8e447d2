package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NonFiniteValues;

/** A sum that is no number. Whoever added them knows the rows that made it so. */
final class NotFiniteException extends SquisherException {
    private static final long serialVersionUID = 1L;

    private final String seen;

    NotFiniteException(String parameter, long element, double value) {
        this("the gradient of '" + parameter + "' is not finite (element " + element + " is " + value + ")");
    }

    private NotFiniteException(String seen) {
        super(seen + "; look for NaN or infinity in the weights and the data");
        this.seen = seen;
    }

    /** The same with the examples that were added when it was seen, and what is wrong in them where that can be seen. */
    SquisherException within(Examples examples) {
        String where = examples.describe(0, examples.count());
        return new SquisherException(
                seen + " after " + where
                        + NonFiniteValues.first(examples)
                                .map(value -> ": " + value)
                                .orElse("; look for NaN or infinity in the weights, and for values there that the model"
                                        + " does not bear"),
                this);
    }
}
