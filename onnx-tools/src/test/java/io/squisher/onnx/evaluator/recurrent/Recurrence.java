package io.squisher.onnx.evaluator.recurrent;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Runs a cell over X [time, batch, features] in each direction: outputs Y [time, direction, batch, hidden], Y_h and Y_c
 * [direction, batch, hidden]. Behind a sequence's own length Y is 0 and the state stays. With {@code layout} 1 the batch is
 * the first axis of everything.
 */
final class Recurrence {
    private final OperatorCall call;
    private final Value x;
    private final int hidden;
    private final int directions;
    private final boolean batchFirst;

    private Recurrence(OperatorCall call) {
        this.call = call;
        this.batchFirst = call.integer("layout", 0) == 1;
        this.x = batchFirst ? call.input(0).transposed(1, 0, 2) : call.input(0);
        this.hidden = call.input(2).dim(-1);
        this.directions = call.input(1).dim(0);
    }

    static List<Value> rnn(OperatorCall call) {
        Recurrence run = new Recurrence(call);
        return run.outputs(direction -> new RnnCell(
                        new Parameters(call, direction, 1, run.hidden), Activations.of(call, direction, "Tanh")))
                .subList(0, 2);
    }

    static List<Value> gru(OperatorCall call) {
        Recurrence run = new Recurrence(call);
        return run.outputs(direction -> new GruCell(
                        new Parameters(call, direction, 3, run.hidden),
                        Activations.of(call, direction, "Sigmoid", "Tanh")))
                .subList(0, 2);
    }

    static List<Value> lstm(OperatorCall call) {
        Recurrence run = new Recurrence(call);
        return run.outputs(direction -> new LstmCell(
                new Parameters(call, direction, 4, run.hidden),
                Activations.of(call, direction, "Sigmoid", "Tanh", "Tanh")));
    }

    private List<Value> outputs(IntFunction<Cell> cells) {
        int steps = x.dim(0);
        int batch = x.dim(1);
        double[] y = new double[steps * directions * batch * hidden];
        double[] lastH = new double[directions * batch * hidden];
        double[] lastC = new double[lastH.length];
        for (int row = 0; row < directions * batch; row++) {
            int direction = row / batch;
            int length = call.has(4) ? (int) call.input(4).longAt(row % batch) : steps;
            Cell cell = cells.apply(direction);
            Cell.State state = new Cell.State(initial(5, row, batch), initial(6, row, batch));
            for (int step = 0; step < length; step++) {
                int time = backwards(direction) ? length - 1 - step : step;
                state = cell.step(features(time, row % batch), state);
                System.arraycopy(state.h(), 0, y, (time * directions * batch + row) * hidden, hidden);
            }
            System.arraycopy(state.h(), 0, lastH, row * hidden, hidden);
            System.arraycopy(state.c(), 0, lastC, row * hidden, hidden);
        }
        Value all = Value.of(x.type(), new int[] {steps, directions, batch, hidden}, y);
        return List.of(batchFirst ? all.transposed(2, 0, 1, 3) : all, last(lastH, batch), last(lastC, batch));
    }

    private boolean backwards(int direction) {
        return direction == 1 || call.text("direction", "forward").equals("reverse");
    }

    private double[] features(int time, int example) {
        int features = x.dim(2);
        int start = (time * x.dim(1) + example) * features;
        return Arrays.copyOfRange(x.doubles(), start, start + features);
    }

    private double[] initial(int position, int row, int batch) {
        if (!call.has(position)) {
            return new double[hidden];
        }
        Value given = call.input(position);
        int at = batchFirst ? row % batch * directions + row / batch : row;
        return Arrays.copyOfRange(given.doubles(), at * hidden, (at + 1) * hidden);
    }

    private Value last(double[] states, int batch) {
        Value last = Value.of(x.type(), new int[] {directions, batch, hidden}, states);
        return batchFirst ? last.transposed(1, 0, 2) : last;
    }
}
