package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Scan;
import io.squisher.onnx.emit.Value;
import java.util.List;

/** RNN: h' = f(W x + R h + b) (Elman 1990); the usual slopes follow from h' alone. */
final class RnnCell implements Cell {
    @Override
    public int gates() {
        return 1;
    }

    @Override
    public String[] activations() {
        return new String[] {"Tanh"};
    }

    @Override
    public DirectionGradient differentiate(Direction d, RuleContext context) {
        Ops ops = d.ops();
        Value before = d.hiddenBefore();
        Value slope = d.slopesFollowFromValues(0)
                ? d.activation(0).slope(ops, null, d.hidden())
                : d.gate(0, ops.add(d.inputs(), d.recurrences(before, 0, 1))).slope();
        Scan.Result swept = new BackwardSweep(d, List.of(slope)).run(1, (inner, states, factors) -> {
            Value gates = inner.mul(states.get(0), factors.get(0));
            return new Scan.Result(List.of(inner.matMul(gates, d.recurrent())), List.of(gates));
        });
        Value all = swept.collected().get(0);
        return new DirectionGradient(
                all,
                List.of(new DirectionGradient.Block(all, before)),
                all,
                swept.states().get(0),
                null);
    }
}
