/**
 * Tensors as values: element types, shapes, and read-only tensors that may be larger than memory.
 *
 * <p>Public API.
 */
package io.squisher.tensor;
