package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.emit.Value;

/**
 * A gate at all steps, computed again.
 *
 * @param value what comes out of its activation
 * @param slope of the value by the sum of the gate's inputs
 */
record Gate(Value value, Value slope) {}
