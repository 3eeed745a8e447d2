/** Gradients of graphs against central differences of the reference evaluator. */
package io.squisher.onnx.autodiff;
