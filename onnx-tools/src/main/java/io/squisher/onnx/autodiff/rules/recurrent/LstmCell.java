package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Scan;
import io.squisher.onnx.emit.Value;
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
        Scan.Result swept = new BackwardSweep(d, List.of(factors, toCell, toBefore)).run(2, (inner, states, f) -> {
            Value dh = states.get(0);
            Value dc = inner.add(states.get(1), inner.mul(dh, f.get(1)));
            Value gates = inner.mul(inner.concat(1, List.of(dc, dh, dc, dc)), f.get(0));
            return new Scan.Result(
                    List.of(inner.matMul(gates, d.recurrent()), inner.mul(dc, f.get(2))), List.of(gates));
        });
        Value all = swept.collected().get(0);
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
                swept.states().get(0),
                new DirectionGradient.CellGradient(swept.states().get(1), atPeepholes));
    }
}
