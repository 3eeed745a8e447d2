/**
 * Derivatives of operators that take elements at positions which are data: gather, scatter, the largest, a condition.
 * Start at {@code GatherRule}.
 */
package io.squisher.onnx.autodiff.rules.indexing;
