/** Derivatives of losses that are one operator: cross entropy, and negative log-likelihood. Start at its one rule. */
package io.squisher.onnx.autodiff.rules.loss;
