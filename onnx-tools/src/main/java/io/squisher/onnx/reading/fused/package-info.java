/**
 * Decomposes operators that optimizers fused, or that came after the target opset, into standard ones whose gradients are
 * known; refuses those that no gradient passes, by name and with the way out.
 */
package io.squisher.onnx.reading.fused;
