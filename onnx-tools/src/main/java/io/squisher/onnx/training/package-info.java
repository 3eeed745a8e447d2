/**
 * Trains a model's weights on ONNX Runtime, with nothing of its training build, and keeps the squared gradients of the steps.
 * Start at {@link io.squisher.onnx.training.OnnxTrainer}.
 *
 * <p>Public API.
 */
package io.squisher.onnx.training;
