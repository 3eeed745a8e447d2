package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.Arrays;
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
        List<Value> slopes = d.steps(slope);
        Value[] gates = new Value[d.time()];
        Value initial = new BackwardSweep(d).run((t, dh) -> {
            gates[t] = ops.mul(dh, slopes.get(t));
            return ops.matMul(gates[t], d.recurrent());
        });
        Value all = ops.concat(0, Arrays.asList(gates));
        return new DirectionGradient(all, List.of(new DirectionGradient.Block(all, before)), all, initial, null);
    }
}
