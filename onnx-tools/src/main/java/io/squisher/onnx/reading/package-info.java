/**
 * From a file to a {@code graph} at one opset: constants as tensors in float32, functions and branches taken apart, older
 * and fused operators written in the standard's. Start at {@link io.squisher.onnx.reading.GraphReader}; the packages
 * inside are its steps, and know nothing of it.
 */
package io.squisher.onnx.reading;
