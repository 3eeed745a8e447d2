/**
 * Labels as the data has them, held against what a likelihood takes, before anything is computed with them. Knows
 * {@code fisher.likelihood} and {@code data}. Start at {@link io.squisher.onnx.fisher.labels.LabelArray}.
 */
package io.squisher.onnx.fisher.labels;
