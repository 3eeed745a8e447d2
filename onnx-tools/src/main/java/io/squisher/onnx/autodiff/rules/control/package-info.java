/** Gradients of graphs that are run step by step. Start at {@link io.squisher.onnx.autodiff.rules.control.StepGradients}. */
package io.squisher.onnx.autodiff.rules.control;
