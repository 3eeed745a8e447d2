/**
 * Derivatives of products of matrices, and of the determinant. {@code AxisProduct} multiplies one axis by a matrix, for
 * other families too. Start at {@code MatMulRule}.
 */
package io.squisher.onnx.autodiff.rules.linear;
