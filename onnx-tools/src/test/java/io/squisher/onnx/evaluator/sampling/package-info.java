/** Operators that read between the elements of an image. */
package io.squisher.onnx.evaluator.sampling;
