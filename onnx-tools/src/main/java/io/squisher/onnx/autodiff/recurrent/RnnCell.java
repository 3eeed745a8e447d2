package io.squisher.onnx.autodiff.recurrent;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.Arrays;
import java.util.List;

/** RNN: h' = f(W x + R h + b) with f tanh or Relu (Elman 1990); both slopes follow from h' alone. */
final class RnnCell implements Cell {
    @Override
    public int gates() {
        return 1;
    }

    @Override
    public void check(RuleContext context) {
        if (!Cell.activations(context, "Relu")) {
            Cell.checkPlain(context, "Tanh");
        }
        if (context.attributes().has("clip")) {
            throw context.refuse("clips the sums of its gates, which has no gradient rule; export without clip");
        }
    }

    @Override
    public DirectionGradient differentiate(Direction d, RuleContext context) {
        Ops ops = d.ops();
        boolean relu = context.attributes().has("activations") && Cell.activations(context, "Relu");
        Value hidden = d.hidden();
        Value slope = relu ? ops.cast(ops.greater(hidden, ops.scalar(0)), 1) : d.tanhSlope(hidden);
        List<Value> slopes = d.steps(slope);
        Value[] gates = new Value[d.time()];
        Value initial = new BackwardSweep(d).run((t, dh) -> {
            gates[t] = ops.mul(dh, slopes.get(t));
            return ops.matMul(gates[t], d.recurrent());
        });
        Value all = ops.concat(0, Arrays.asList(gates));
        return new DirectionGradient(
                all, List.of(new DirectionGradient.Block(all, d.hiddenBefore())), all, initial, null);
    }
}
