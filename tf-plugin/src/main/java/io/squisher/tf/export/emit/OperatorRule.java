package io.squisher.tf.export.emit;

/** How one TensorFlow operation is written in ONNX. */
@FunctionalInterface
public interface OperatorRule {
    /**
     * Emits the ONNX nodes of {@code node} and names its outputs.
     *
     * @throws UnsupportedOperation if this use of the operation has no counterpart
     */
    void export(TensorFlowNode node);
}
