/** Losses. */
package io.squisher.onnx.evaluator.loss;
