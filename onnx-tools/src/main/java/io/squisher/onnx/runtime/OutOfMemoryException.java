package io.squisher.onnx.runtime;

import io.squisher.SquisherException;

/** A graph needed more memory than there is; a smaller batch may fit. */
public final class OutOfMemoryException extends SquisherException {
    private static final long serialVersionUID = 1L;

    /** With what the runtime said. */
    public OutOfMemoryException(String message, Throwable cause) {
        super("out of memory while running the graph; use a smaller --batch-size (" + message + ")", cause);
    }
}
