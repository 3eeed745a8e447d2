/**
 * Which parts of a network can go as a whole, and the network without them. Works on the file's own graph, at its own
 * opset, so that what is not touched stays as it was. Start at {@link io.squisher.onnx.structure.UnitStructure}.
 */
package io.squisher.onnx.structure;
