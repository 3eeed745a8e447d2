package io.squisher.onnx.text;

/**
 * The tokens of a text, or of a pair of texts.
 *
 * @param types by token, which text it is of: 0 or 1
 */
record Tokens(int[] ids, byte[] types) {
    int count() {
        return ids.length;
    }
}
