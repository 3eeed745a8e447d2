package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import io.squisher.tensor.ElementType;
import java.util.Arrays;
import java.util.List;

/** LSTM, GRU and RNN: directions, lengths, initial states, peepholes, activations, clip, coupled gates. */
final class RecurrentFamily {
    private static final int FORWARD = 0;

    private RecurrentFamily() {}

    static OneNodeModel recurrent(Draw d) {
        String operator = d.oneOf("LSTM", "GRU", "RNN");
        int gates = operator.equals("LSTM") ? 4 : operator.equals("GRU") ? 3 : 1;
        int direction = d.between(0, 2);
        int directions = direction == 2 ? 2 : 1;
        int hidden = d.between(1, 3);
        int features = d.between(1, 3);
        int time = d.between(1, 4);
        int batch = d.between(1, 3);
        OneNodeModel model = op(operator, d.oneOf(7, 14, 22))
                .input(d.normal(time, batch, features))
                .input(d.normal(directions, gates * hidden, features))
                .input(d.normal(directions, gates * hidden, hidden))
                .with("hidden_size", hidden);
        if (direction != FORWARD) {
            model.with("direction", direction == 1 ? "reverse" : "bidirectional");
        }
        optional(d, model, d.normal(directions, 2 * gates * hidden));
        long[] lengths = Arrays.stream(d.ints(batch, 1, time)).asLongStream().toArray();
        optional(d, model, Value.of(ElementType.I32, new int[] {batch}, lengths));
        optional(d, model, d.normal(directions, batch, hidden));
        if (operator.equals("LSTM")) {
            optional(d, model, d.normal(directions, batch, hidden));
            optional(d, model, d.normal(directions, 3 * hidden));
        }
        attributes(d, model, operator, directions, time > 2);
        return model.outputs(d.between(1, operator.equals("LSTM") ? 3 : 2));
    }

    private static void optional(Draw d, OneNodeModel model, Value value) {
        if (d.coin()) {
            model.input(value);
        } else {
            model.missing();
        }
    }

    private static void attributes(Draw d, OneNodeModel model, String operator, int directions, boolean growing) {
        int functions = operator.equals("LSTM") ? 3 : operator.equals("GRU") ? 2 : 1;
        boolean overflowing = false;
        if (d.coin()) {
            String[] names = new String[functions * directions];
            Arrays.setAll(names, i -> d.oneOf("Relu", "Tanh", "Sigmoid", "Softsign", "Softplus"));
            model.with("activations", names);
            overflowing = growing && List.of(names).contains("Softplus");
        }
        if (operator.equals("RNN")) {
            // ONNX Runtime reads these lists without asking whether they are there.
            model.with("activation_alpha", new double[directions]).with("activation_beta", new double[directions]);
        }
        // Unbounded gates multiply each other at every step, and ONNX Runtime's Softplus in a cell is infinite beyond
        // 88.
        if (overflowing || d.between(0, 3) == 0) {
            model.with("clip", d.real(0.4, 1.5));
        }
        if (operator.equals("GRU") && d.coin()) {
            model.with("linear_before_reset", 1);
        }
        if (operator.equals("LSTM") && d.between(0, 3) == 0) {
            model.with("input_forget", 1);
        }
    }
}
