package io.squisher.onnx.evaluator.recurrent;

/** One step of a recurrent operator for one sequence in one direction. */
@FunctionalInterface
interface Cell {
    /**
     * Hidden and cell state, each one number a unit.
     *
     * @param c unused by operators without a cell state
     */
    record State(double[] h, double[] c) {}

    State step(double[] x, State before);
}
