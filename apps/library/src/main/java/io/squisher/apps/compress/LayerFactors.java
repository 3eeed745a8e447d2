package io.squisher.apps.compress;

import io.squisher.tensor.Tensor;

/**
 * A layer as two products.
 *
 * @param name of the matrix that they replace
 * @param first [inputs, rank], in the matrix's type
 * @param second [rank, outputs], in the matrix's type
 */
public record LayerFactors(String name, Tensor first, Tensor second) {}
