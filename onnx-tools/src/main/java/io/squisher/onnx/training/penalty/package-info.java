/**
 * What holds weights near other ones while a model is trained.
 *
 * <p>Public API.
 */
package io.squisher.onnx.training.penalty;
