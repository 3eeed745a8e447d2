/**
 * Derivatives of operators that bring values to a mean, a norm or a sum of one: softmax, layers, batches, groups. Start
 * at {@code SoftmaxRule}; {@code Standardized} is the part that several share.
 */
package io.squisher.onnx.autodiff.rules.normalization;
