/** Fourier transforms and the windows that go with them. */
package io.squisher.onnx.evaluator.signal;
