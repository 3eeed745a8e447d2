/** ONNX models: reading them as graphs, differentiating them, and computing Fisher information with ONNX Runtime. */
package io.squisher.onnx;
