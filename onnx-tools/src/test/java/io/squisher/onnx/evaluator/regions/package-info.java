/** Operators on boxes in images. */
package io.squisher.onnx.evaluator.regions;
