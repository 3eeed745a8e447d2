/** Attention and rotary embeddings, of the standard and of ONNX Runtime's domain {@code com.microsoft}. */
package io.squisher.onnx.evaluator.attention;
