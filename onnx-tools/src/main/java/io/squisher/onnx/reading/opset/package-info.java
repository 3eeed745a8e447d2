/**
 * Raises nodes of older opsets to the one that rules are written for; a small adapter for each change of meaning. Start
 * at {@code OpsetAdapters}, the list of all; {@link io.squisher.onnx.reading.opset.OpsetRaiser} runs them.
 */
package io.squisher.onnx.reading.opset;
