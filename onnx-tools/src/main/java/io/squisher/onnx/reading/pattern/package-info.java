/**
 * Finds compositions that exporters write out (LayerNormalization, GELU) and puts the standard's one operator in their
 * place: its derivative is one rule instead of nine, and needs a fraction of the memory traffic.
 */
package io.squisher.onnx.reading.pattern;
