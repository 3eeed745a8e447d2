/** Per-example gradients of operators that contract their weights with the example: linear layers, convolutions, embeddings. */
package io.squisher.onnx.fisher.rules;
