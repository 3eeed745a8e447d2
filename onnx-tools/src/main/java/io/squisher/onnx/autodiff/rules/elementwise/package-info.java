/**
 * Derivatives of operators that work element by element, a line each. They use {@code emit} alone; start at
 * {@code ElementwiseRules}.
 */
package io.squisher.onnx.autodiff.rules.elementwise;
