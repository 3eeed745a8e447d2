/** Tensors as values: element types, shapes, and read-only tensors that may be larger than memory. */
package io.squisher.tensor;
