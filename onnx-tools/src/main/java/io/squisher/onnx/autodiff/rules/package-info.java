/**
 * Derivatives of the standard's operators: one file for each that has shape logic, {@code ElementwiseRules} for those
 * that fit in a line, {@link io.squisher.onnx.autodiff.rules.StandardRules} for the list of all.
 */
package io.squisher.onnx.autodiff.rules;
