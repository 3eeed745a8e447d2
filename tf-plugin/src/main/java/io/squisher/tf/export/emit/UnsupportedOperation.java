package io.squisher.tf.export.emit;

import io.squisher.SquisherException;
import org.tensorflow.GraphOperation;

/** An operation that cannot be exported; the exporter collects these and reports them together. */
public final class UnsupportedOperation extends SquisherException {
    private static final long serialVersionUID = 1L;

    /**
     * @param reason why, as the end of a sentence; empty where there is no rule at all
     */
    public UnsupportedOperation(GraphOperation operation, String reason) {
        super("'" + operation.name() + "' (" + operation.type() + (reason.isEmpty() ? ")" : ": " + reason + ")"));
    }
}
