/**
 * Derivatives of convolutions and pools. {@code Windows} says where a window lies, {@code PatchProduct} sums over its
 * elements; products along an axis are from {@code linear}. Start at {@code ConvRule}.
 */
package io.squisher.onnx.autodiff.rules.convolution;
