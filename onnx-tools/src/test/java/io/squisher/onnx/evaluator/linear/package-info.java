/** Products of matrices and tensors. */
package io.squisher.onnx.evaluator.linear;
