/** How good a model is on examples: accuracy or error, and the mean log-likelihood. */
package io.squisher.onnx.evaluation;
