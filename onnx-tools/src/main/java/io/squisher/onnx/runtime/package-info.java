/**
 * The only place that knows ONNX Runtime: sessions, devices, and what running a graph tells about its shapes. Knows graphs
 * and {@code shape}, no derivatives. Start at {@link io.squisher.onnx.runtime.InferenceSession}.
 *
 * <p>Public API.
 */
package io.squisher.onnx.runtime;
