/** Windows of convolutions and pools that no model gives: refusals, and the arithmetic of pads. */
package io.squisher.onnx.autodiff.rules.convolution;
