/** Operators that scale elements by statistics of their neighbours. */
package io.squisher.onnx.evaluator.normalization;
