/**
 * Derivatives of the standard's operators, a package for each family, of the names that the tests' evaluator has. A
 * family knows {@code emit}, {@code graph} and {@code autodiff}. Start at
 * {@link io.squisher.onnx.autodiff.rules.StandardRules}, the list of all.
 */
package io.squisher.onnx.autodiff.rules;
