/** Operators that slide a window over the spatial axes of [N, C, spatial…], with any number of these. */
package io.squisher.onnx.evaluator.convolution;
