/** Derivatives of Fourier transforms. Start at {@code DftRule}; {@code StftRule} cuts frames, and asks it. */
package io.squisher.onnx.autodiff.rules.signal;
