/**
 * The files that commands work on, opened as their options say: models with their Fishers, checkpoints' weights, examples for
 * ONNX graphs. Knows options, output, formats and ONNX tools. Start at {@code OpenModels}.
 */
package io.squisher.apps.cli.model;
