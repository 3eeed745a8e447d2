/**
 * The Fisher information of a graph's parameters: likelihoods, the gradient of each example at each use of a parameter,
 * and the estimator that runs them over data.
 *
 * <p>Derivatives of operators come from {@code onnx.autodiff}; what is wanted of them (squares, sums, per example) is
 * decided here.
 *
 * <p>Public API.
 */
package io.squisher.onnx.fisher;
