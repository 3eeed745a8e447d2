package io.squisher.onnx.evaluator;

/** The evaluator does not know an operator, mode or element type: no statement about right or wrong. */
public final class UnsupportedModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnsupportedModelException(String message) {
        super(message);
    }
}
