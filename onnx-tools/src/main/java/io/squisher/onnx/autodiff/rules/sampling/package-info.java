/**
 * Derivatives of operators that read an image between its points: resize, and sampling at a grid. Start at
 * {@code ResizeRule}.
 */
package io.squisher.onnx.autodiff.rules.sampling;
