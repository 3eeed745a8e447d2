package io.squisher.onnx.evaluator.recurrent;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * LSTM: i = f(W_i x + R_i h + P_i ⊙ c + b_i), f = f(W_f x + R_f h + P_f ⊙ c + b_f) or 1 - i with {@code input_forget},
 * C_t = f ⊙ c + i ⊙ g(W_c x + R_c h + b_c), o = f(W_o x + R_o h + P_o ⊙ C_t + b_o), H_t = o ⊙ h(C_t).
 */
record LstmCell(Parameters parameters, List<DoubleUnaryOperator> activations) implements Cell {
    /** Order of the gates in W, R and B. */
    private static final int INPUT = 0;

    private static final int OUTPUT = 1;
    private static final int FORGET = 2;
    private static final int CELL = 3;

    @Override
    public State step(double[] x, State before) {
        double[] h = before.h();
        double[] c = before.c();
        double[] i = gate(INPUT, x, h, c);
        double[] f = parameters.call().flag("input_forget", false)
                ? Parameters.map(i, value -> 1 - value)
                : gate(FORGET, x, h, c);
        double[] sum = Parameters.sum(parameters.input(CELL, x), parameters.recurrent(CELL, h));
        double[] candidate = Parameters.map(parameters.clipped(sum), activations.get(1));
        double[] next = Parameters.sum(Parameters.times(f, c), Parameters.times(i, candidate));
        double[] o = gate(OUTPUT, x, h, next);
        return new State(Parameters.times(o, Parameters.map(next, activations.get(2))), next);
    }

    private double[] gate(int gate, double[] x, double[] h, double[] c) {
        double[] peephole = Parameters.times(parameters.peephole(gate), c);
        double[] sum = Parameters.sum(parameters.input(gate, x), parameters.recurrent(gate, h), peephole);
        return Parameters.map(parameters.clipped(sum), activations.get(0));
    }
}
