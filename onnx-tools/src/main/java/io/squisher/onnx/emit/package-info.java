/**
 * Writes operator nodes: unique names, shared constants, and the shape of everything that is emitted. Knows
 * {@code graph} alone. Start at {@link io.squisher.onnx.emit.Ops}, a method for each operator.
 */
package io.squisher.onnx.emit;
