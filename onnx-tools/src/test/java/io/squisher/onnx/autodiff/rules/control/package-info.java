/** Gradients of graphs that are run step by step. */
package io.squisher.onnx.autodiff.rules.control;
