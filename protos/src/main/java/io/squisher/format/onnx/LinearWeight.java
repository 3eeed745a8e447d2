package io.squisher.format.onnx;

/**
 * The matrix of a linear layer: products with the layer's input are all that reads it.
 *
 * @param name of the initializer
 * @param inputAxis 0 where it is [inputs, outputs], as in x W; 1 where it is [outputs, inputs], as in x Wᵀ and W x
 */
public record LinearWeight(String name, int inputAxis) {}
