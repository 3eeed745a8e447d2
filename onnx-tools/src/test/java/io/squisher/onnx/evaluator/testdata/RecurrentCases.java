package io.squisher.onnx.evaluator.testdata;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import io.squisher.tensor.ElementType;
import java.util.stream.Stream;

/** Recurrent operators: [time 5, batch 3, features 2], 4 units. ONNX Runtime 1.23 reads RNN's lists of alphas and betas without asking whether they are there, and aborts; so they are. */
final class RecurrentCases {
    private RecurrentCases() {}

    static Stream<OneNodeModel> all() {
        return Stream.of(lengths(), attributes()).flatMap(cases -> cases);
    }

    private static Stream<OneNodeModel> lengths() {
        Value lengths = Value.of(ElementType.I32, new int[] {3}, new long[] {5, 2, 3});
        // ONNX Runtime 1.23 reads RNN's lists of alphas and betas without asking whether they are there, and aborts.
        return Stream.of(
                rnn("RNN", 1, 2, 0)
                        .input(lengths)
                        .normal(2, 3, 4)
                        .with("direction", "bidirectional")
                        .with("activations", new String[] {"ScaledTanh", "LeakyRelu"})
                        .with("activation_alpha", new double[] {0.8, 0.2})
                        .with("activation_beta", new double[] {0.6, 0})
                        .outputs(2),
                rnn("GRU", 3, 1, 1).input(lengths).normal(1, 3, 4).outputs(2),
                rnn("GRU", 3, 2, 0)
                        .input(lengths)
                        .normal(2, 3, 4)
                        .with("direction", "bidirectional")
                        .outputs(2),
                rnn("LSTM", 4, 2, 0)
                        .input(lengths)
                        .normal(2, 3, 4)
                        .normal(2, 3, 4)
                        .normal(2, 12)
                        .with("direction", "bidirectional")
                        .outputs(3));
    }

    private static Stream<OneNodeModel> attributes() {
        return Stream.of(
                rnn("RNN", 1, 1, 0)
                        .with("direction", "reverse")
                        .with("activation_alpha", new double[] {0})
                        .with("activation_beta", new double[] {0})
                        .outputs(2),
                rnn("GRU", 3, 1, 1)
                        .with("direction", "reverse")
                        .with("clip", 0.7)
                        .outputs(2),
                rnn("LSTM", 4, 1, 0)
                        .missing()
                        .normal(1, 3, 4)
                        .normal(1, 3, 4)
                        .with("clip", 0.7)
                        .outputs(3),
                rnn("LSTM", 4, 1, 0).with("input_forget", 1).outputs(3),
                rnn("LSTM", 4, 1, 0)
                        .with("direction", "reverse")
                        .with("activations", new String[] {"HardSigmoid", "Softsign", "Affine"})
                        .with("activation_alpha", new double[] {0.3, 0.9})
                        .with("activation_beta", new double[] {0.4, 0.1})
                        .outputs(3));
    }

    private static OneNodeModel rnn(String operator, int gates, int directions, int linearBeforeReset) {
        OneNodeModel node = op(operator, 14)
                .normal(5, 3, 2)
                .normal(directions, gates * 4, 2)
                .normal(directions, gates * 4, 4)
                .normal(directions, 2 * gates * 4)
                .with("hidden_size", 4);
        return linearBeforeReset == 0 ? node : node.with("linear_before_reset", 1);
    }
}
