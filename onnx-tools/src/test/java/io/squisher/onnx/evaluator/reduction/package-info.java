/** Operators that turn the elements along some axes into one, or into running results. */
package io.squisher.onnx.evaluator.reduction;
