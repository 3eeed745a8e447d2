/**
 * ONNX models: reading them as graphs, differentiating them, and computing Fisher information with ONNX Runtime.
 *
 * <p>Public API.
 */
package io.squisher.onnx;
