package io.squisher.onnx.evaluator.recurrent;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * GRU: z = f(W_z x + R_z h + b_z), r = f(W_r x + R_r h + b_r), H_t = (1 - z) ⊙ ĥ + z ⊙ h with ĥ = g(W_h x + R_h (r ⊙ h) +
 * b_h), or g(W_h x + r ⊙ (R_h h + b_Rh) + b_Wh) with {@code linear_before_reset}.
 */
record GruCell(Parameters parameters, List<DoubleUnaryOperator> activations) implements Cell {
    private static final int UPDATE = 0;
    private static final int RESET = 1;
    private static final int HIDDEN = 2;

    @Override
    public State step(double[] x, State before) {
        double[] h = before.h();
        double[] z = gate(UPDATE, x, h);
        double[] r = gate(RESET, x, h);
        double[] recurrent = parameters.call().flag("linear_before_reset", false)
                ? Parameters.times(r, parameters.recurrent(HIDDEN, h))
                : parameters.recurrent(HIDDEN, Parameters.times(r, h));
        double[] sum = Parameters.sum(parameters.input(HIDDEN, x), recurrent);
        double[] candidate = Parameters.map(parameters.clipped(sum), activations.get(1));
        double[] next = new double[h.length];
        Arrays.setAll(next, i -> (1 - z[i]) * candidate[i] + z[i] * h[i]);
        return new State(next, before.c());
    }

    private double[] gate(int gate, double[] x, double[] h) {
        double[] sum = Parameters.sum(parameters.input(gate, x), parameters.recurrent(gate, h));
        return Parameters.map(parameters.clipped(sum), activations.get(0));
    }
}
