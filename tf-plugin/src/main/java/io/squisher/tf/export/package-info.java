/**
 * TensorFlow graph to ONNX: {@link io.squisher.tf.export.OnnxExporter} walks from the chosen outputs back to the chosen
 * inputs and applies one rule of {@link io.squisher.tf.export.rules.StandardRules} per operation. Variables become
 * initializers of the same name and shape, so that a diagonal of the TensorFlow variables and one of the ONNX
 * initializers line up; where ONNX wants another layout, a Transpose stands between. Constants become Constant nodes.
 *
 * <p>Functions are put in place of their calls first; a SavedModel from Python has its whole model in them.
 *
 * <p>A new operation: a rule in a family of {@code rules}, its line in {@code StandardRules}, a case in the family's test.
 *
 * <p>Public API.
 */
package io.squisher.tf.export;
