package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;

/**
 * Gradients of each example that are computed already: there is no cheaper way to their squares.
 *
 * @param gradient {@code [N, parameter…]}
 * @param path how it was computed
 */
public record KnownGradient(Value gradient, String path) implements ExampleGradient {
    @Override
    public Value perExample(Ops ops) {
        return gradient;
    }
}
