package io.squisher.onnx.evaluator.recurrent;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** RNN: H_t = f(W x + R H_(t-1) + b). */
record RnnCell(Parameters parameters, List<DoubleUnaryOperator> activations) implements Cell {
    @Override
    public State step(double[] x, State before) {
        double[] sum = Parameters.sum(parameters.input(0, x), parameters.recurrent(0, before.h()));
        return new State(Parameters.map(parameters.clipped(sum), activations.get(0)), before.c());
    }
}
