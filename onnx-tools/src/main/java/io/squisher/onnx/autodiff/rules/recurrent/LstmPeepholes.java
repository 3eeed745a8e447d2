package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.emit.Value;

/** Weights with which gates see the cell state, each {@code [H]}: the output gate the new one, the others the old. */
record LstmPeepholes(Value input, Value output, Value forget) {
    static LstmPeepholes of(Direction d) {
        Value all = d.peepholes();
        return new LstmPeepholes(d.block(all, 0), d.block(all, 1), d.block(all, 2));
    }
}
