package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.emit.Value;

/** Per-example gradients of a table that are 0 but for some rows, which are summed, squared and added outside the graph. */
public interface RowGradient {
    /** The row that each gradient belongs to: {@code [N, tokens]}; a row may come up several times in an example. */
    Value indices();

    /** The gradients: {@code [N, tokens, width]}. */
    Value gradients();
}
