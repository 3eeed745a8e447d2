/** Tests of building graphs. */
package io.squisher.onnx.emit;
