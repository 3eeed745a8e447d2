package io.squisher.apps.compress;

/**
 * A linear layer of a model.
 *
 * @param name of its matrix
 * @param inputAxis 0 where the matrix is [inputs, outputs], 1 where it is [outputs, inputs]
 */
public record LinearLayer(String name, int inputAxis) {}
