/** Writes operator nodes: unique names, shared constants, and the shape of everything that is emitted. */
package io.squisher.onnx.emit;
