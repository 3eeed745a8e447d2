package io.squisher.format.onnx;

import io.squisher.tensor.Tensor;

/**
 * The matrix of a linear layer as a product of two smaller ones.
 *
 * @param name of the initializer that they replace
 * @param first [inputs, rank], whatever the axes of the initializer are
 * @param second [rank, outputs], of the same type
 */
public record FactorizedWeight(String name, Tensor first, Tensor second) {}
