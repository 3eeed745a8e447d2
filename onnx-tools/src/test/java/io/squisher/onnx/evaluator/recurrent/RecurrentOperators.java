package io.squisher.onnx.evaluator.recurrent;

import io.squisher.onnx.evaluator.OperatorTable;

/** The list of recurrent operators. */
public final class RecurrentOperators {
    private RecurrentOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .many("GRU", Recurrence::gru)
                .many("LSTM", Recurrence::lstm)
                .many("RNN", Recurrence::rnn);
    }
}
