/**
 * Per-example gradients of operators that contract their weights with the example: linear layers, convolutions,
 * embeddings, recurrences. Knows {@code autodiff} and {@code emit}. Start at
 * {@link io.squisher.onnx.fisher.rules.ExampleRules}, the list of all.
 */
package io.squisher.onnx.fisher.rules;
