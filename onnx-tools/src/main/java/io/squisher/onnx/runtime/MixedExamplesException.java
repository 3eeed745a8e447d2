package io.squisher.onnx.runtime;

import io.squisher.SquisherException;

/** A graph mixes the examples of a batch, so that only batches of one have a gradient of one example. */
public final class MixedExamplesException extends SquisherException {
    private static final long serialVersionUID = 1L;

    MixedExamplesException(String message) {
        super(message);
    }
}
