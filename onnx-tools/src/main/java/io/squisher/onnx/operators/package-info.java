/**
 * What each operator is, said once: whether it treats every element alone, keeps the shape, only moves elements, gives
 * truth values. Knows nothing of graphs; {@link io.squisher.onnx.operators.OperatorFacts} is where to start.
 */
package io.squisher.onnx.operators;
