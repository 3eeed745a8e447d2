/** Operators that ONNX Runtime's optimizer puts in the place of several, in the domain {@code com.microsoft}. */
package io.squisher.onnx.evaluator.fused;
