/** How each TensorFlow operation is written in ONNX: a file per family, listed in {@link io.squisher.tf.export.rules.StandardRules}. */
package io.squisher.tf.export.rules;
