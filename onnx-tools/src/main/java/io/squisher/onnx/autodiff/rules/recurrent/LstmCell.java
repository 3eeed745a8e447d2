package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.Arrays;
import java.util.List;

/**
 * LSTM: i, f = σ(W x + R h + P c + b), g = τ(W x + R h + b), c' = f c + i g, o = σ(W x + R h + P c' + b), h' = o υ(c')
 * (Hochreiter and Schmidhuber 1997, with the peepholes P of Gers and Schmidhuber 2000). With dc' the gradient that comes
 * from later steps, d = dc' + (o υ' + P_o υ(c') σ') dh'. The sums get di = σ' g d, df = σ' c d, dg = τ' i d, do = σ' υ(c')
 * dh', and c gets f d + P_i di + P_f df. Where f is 1 − i, di is σ' (g − c) d and df is 0.
 */
final class LstmCell implements Cell {
    private static final int PEEPHOLES = 7;

    @Override
    public int gates() {
        return 4;
    }

    @Override
    public String[] activations() {
        return new String[] {"Sigmoid", "Tanh", "Tanh"};
    }

    @Override
    public DirectionGradient differentiate(Direction d, RuleContext context) {
        Ops ops = d.ops();
        boolean coupled = context.attributes().integer("input_forget", 0) != 0;
        LstmPeepholes peepholes = context.has(PEEPHOLES) ? LstmPeepholes.of(d) : null;
        LstmStates s = new LstmStates(d, peepholes, coupled);

        Value gain = coupled ? ops.sub(s.candidate.value(), s.cellsBefore) : s.candidate.value();
        Value toInput = ops.mul(gain, s.input.slope());
        Value toOutput = ops.mul(s.bent.value(), s.output.slope());
        Value toForget = coupled ? ops.scale(toInput, 0) : ops.mul(s.cellsBefore, s.forget.slope());
        Value toCandidate = ops.mul(s.input.value(), s.candidate.slope());
        Value toCell = ops.mul(s.output.value(), s.bent.slope());
        Value toBefore = s.forget.value();
        if (peepholes != null) {
            toCell = ops.add(toCell, ops.mul(toOutput, peepholes.output()));
            Value through = ops.add(ops.mul(toInput, peepholes.input()), ops.mul(toForget, peepholes.forget()));
            toBefore = ops.add(toBefore, through);
        }
        Value factors = ops.concat(2, List.of(toInput, toOutput, toForget, toCandidate));
        Sweep sweep = new Sweep(d, d.steps(factors), d.steps(toCell), d.steps(toBefore));
        Value initial = sweep.run();
        Value all = ops.concat(0, Arrays.asList(sweep.gates));
        Value atPeepholes = peepholes == null
                ? null
                : ops.concat(
                        2,
                        List.of(
                                ops.mul(d.block(all, 0), s.cellsBefore),
                                ops.mul(d.block(all, 1), s.cells),
                                ops.mul(d.block(all, 2), s.cellsBefore)));
        return new DirectionGradient(
                all,
                List.of(new DirectionGradient.Block(all, s.hiddenBefore)),
                all,
                initial,
                new DirectionGradient.CellGradient(sweep.cell, atPeepholes));
    }

    /** What is done step by step, which is as little as can be. */
    private static final class Sweep {
        private final Direction direction;
        private final Ops ops;
        private final List<Value> factors;
        private final List<Value> toCell;
        private final List<Value> toBefore;
        private final Value[] gates;
        private Value cell;

        Sweep(Direction direction, List<Value> factors, List<Value> toCell, List<Value> toBefore) {
            this.direction = direction;
            this.ops = direction.ops();
            this.factors = factors;
            this.toCell = toCell;
            this.toBefore = toBefore;
            this.gates = new Value[direction.time()];
            this.cell = direction.lastGradient(2).orElse(null);
        }

        Value run() {
            BackwardSweep sweep = new BackwardSweep(direction);
            return sweep.run((t, dh) -> {
                Value own = ops.mul(dh, toCell.get(t));
                Value total = cell == null ? own : ops.add(cell, own);
                cell = sweep.masked(t, total, dc -> {
                    gates[t] = ops.mul(ops.concat(2, List.of(dc, dh, dc, dc)), factors.get(t));
                    return ops.mul(dc, toBefore.get(t));
                });
                return ops.matMul(gates[t], direction.recurrent());
            });
        }
    }
}
