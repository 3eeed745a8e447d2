/** ONNX files: models with embedded or external data, their initializers as weights. */
package io.squisher.format.onnx;
