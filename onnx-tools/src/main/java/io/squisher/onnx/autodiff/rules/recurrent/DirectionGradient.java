package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.emit.Value;
import java.util.List;

/**
 * The gradients of one direction, before anything is summed over time or examples; T steps, N examples, G gates of H
 * units.
 *
 * @param gates at the sums of the gates' inputs, {@code [T, N, G·H]}
 * @param recurrent what the rows of the recurrent weights see, block by block
 * @param recurrentBias at the recurrent biases, {@code [T, N, G·H]}
 * @param initialHidden at the hidden state before the first step, {@code [1, N, H]}
 * @param cell what an LSTM has besides; null elsewhere
 */
public record DirectionGradient(
        Value gates, List<Block> recurrent, Value recurrentBias, Value initialHidden, CellGradient cell) {
    /**
     * Rows of the recurrent weights.
     *
     * @param gates gradient at their products, {@code [T, N, rows]}
     * @param hidden what they are multiplied with, {@code [T, N, H]}
     */
    public record Block(Value gates, Value hidden) {}

    /**
     * Gradients of an LSTM's own.
     *
     * @param initial at the cell state before the first step, {@code [1, N, H]}
     * @param peepholes at the peephole weights, {@code [T, N, 3·H]}; null where there are none
     */
    public record CellGradient(Value initial, Value peepholes) {}
}
