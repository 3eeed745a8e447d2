/**
 * What an export rule works with: {@link io.squisher.tf.export.emit.TensorFlowNode} is the operation being exported, its
 * inputs already translated; {@link io.squisher.tf.export.emit.OnnxEmitter} collects the ONNX graph. Locals in rules:
 * {@code x} the ONNX name of an input's value, {@code y} that of a result.
 */
package io.squisher.tf.export.emit;
