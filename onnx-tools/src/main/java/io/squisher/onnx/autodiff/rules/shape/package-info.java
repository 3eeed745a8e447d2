/**
 * Derivatives of operators that move elements and compute none: reshape, transpose, cut, join, pad, repeat. Start at
 * {@code TransposeRule}.
 */
package io.squisher.onnx.autodiff.rules.shape;
