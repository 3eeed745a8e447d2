package io.squisher.onnx.autodiff;

import io.squisher.SquisherException;

/**
 * A node moves values from one example of a batch to another, as far as its rule can tell. What comes out may be of one example
 * all the same, as strides over a flattened batch are; a batch of one example has nothing to move.
 */
public final class AcrossExamplesException extends SquisherException {
    private static final long serialVersionUID = 1L;

    AcrossExamplesException(String message) {
        super(message);
    }
}
