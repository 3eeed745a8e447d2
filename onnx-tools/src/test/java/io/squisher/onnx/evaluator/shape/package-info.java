/** Operators that make, move or rename elements without computing with them. */
package io.squisher.onnx.evaluator.shape;
