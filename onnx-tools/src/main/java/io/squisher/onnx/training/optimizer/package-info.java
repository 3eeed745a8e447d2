/**
 * Optimizers and learning-rate schedules of {@link io.squisher.onnx.training.OnnxTrainer}: immutable settings, and the update of a
 * piece of a parameter.
 *
 * <p>Public API.
 */
package io.squisher.onnx.training.optimizer;
