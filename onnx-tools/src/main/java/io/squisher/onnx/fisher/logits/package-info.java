/**
 * From a model's output back to the logits that a likelihood takes. Most models end in probabilities, and many in nodes
 * that rearrange them; a likelihood that takes probabilities for logits gives numbers that look right and are not. Start
 * at {@link io.squisher.onnx.fisher.logits.LogitOutput}.
 */
package io.squisher.onnx.fisher.logits;
