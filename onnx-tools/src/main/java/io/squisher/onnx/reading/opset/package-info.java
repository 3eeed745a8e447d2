/** Raises nodes of older opsets to the one that rules are written for; a small adapter for each change of meaning. */
package io.squisher.onnx.reading.opset;
