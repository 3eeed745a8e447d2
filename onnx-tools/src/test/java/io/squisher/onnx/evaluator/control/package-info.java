/** Operators with graphs in their attributes. */
package io.squisher.onnx.evaluator.control;
