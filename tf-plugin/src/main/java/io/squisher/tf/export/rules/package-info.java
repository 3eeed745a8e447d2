/**
 * How each TensorFlow operation is written in ONNX: a package for each kind of operation, a file for each family, all
 * listed in {@link io.squisher.tf.export.rules.StandardRules}. Rules know {@code export.emit} alone.
 */
package io.squisher.tf.export.rules;
