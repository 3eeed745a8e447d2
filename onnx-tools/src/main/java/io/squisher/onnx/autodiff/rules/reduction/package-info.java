/**
 * Derivatives of sums, means, norms and extremes along axes, and of the running sum. {@code ReductionAxes} reads the
 * axes; start at {@code ReductionRules}.
 */
package io.squisher.onnx.autodiff.rules.reduction;
