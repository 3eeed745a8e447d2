/**
 * Labelled texts as examples: a table is read, its texts become tokens by a {@code tokenizer.json}, and tokens the arrays that a
 * model takes. Start at {@link io.squisher.onnx.text.TextReader}. It is the only user of {@code ai.djl.huggingface:tokenizers},
 * an optional dependency.
 *
 * <p>Public API.
 */
package io.squisher.onnx.text;
