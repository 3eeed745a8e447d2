package io.squisher.onnx.autodiff.recurrent;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.Arrays;
import java.util.List;

/**
 * GRU: z, r = σ(W x + R h + b), ĥ = tanh(W x + b + R (r h)), or tanh(W x + b + r (R h + b)) with {@code
 * linear_before_reset}, h' = (1 − z) ĥ + z h (Cho et al. 2014). The sums get dz = z (1−z) (h − ĥ) dh', dĥ = (1−ĥ²) (1−z)
 * dh', and dr = r (1−r) times what the reset was multiplied with.
 */
final class GruCell implements Cell {
    @Override
    public int gates() {
        return 3;
    }

    @Override
    public void check(RuleContext context) {
        Cell.checkPlain(context, "Sigmoid", "Tanh");
    }

    @Override
    public DirectionGradient differentiate(Direction d, RuleContext context) {
        Ops ops = d.ops();
        boolean linearFirst = context.attributes().integer("linear_before_reset", 0) != 0;
        Value before = d.hiddenBefore();
        Value inputs = d.inputs();
        Value both = ops.slice(inputs, 2, 0, 2L * d.units(), 1);
        Value sums = ops.unary("Sigmoid", ops.add(both, d.recurrences(before, 0, 2)));
        Value z = d.gate(sums, 0);
        Value r = d.gate(sums, 1);
        Value reset = ops.mul(r, before);
        Value linear = d.recurrences(linearFirst ? before : reset, 2, 3);
        Value candidate = ops.unary("Tanh", ops.add(d.gate(inputs, 2), linearFirst ? ops.mul(r, linear) : linear));

        List<Value> update = d.steps(z);
        List<Value> resets = d.steps(r);
        List<Value> toUpdate = d.steps(ops.mul(ops.sub(before, candidate), d.sigmoidSlope(z)));
        List<Value> toCandidate = d.steps(ops.mul(d.complement(z), d.tanhSlope(candidate)));
        List<Value> toReset = d.steps(ops.mul(linearFirst ? linear : before, d.sigmoidSlope(r)));
        Value[] gates = new Value[d.time()];
        Value[] recurrent = new Value[d.time()];
        long split = 2L * d.units();
        Value candidateRows = ops.slice(d.recurrent(), 0, split, 3L * d.units(), 1);
        Value gateRows = ops.slice(d.recurrent(), 0, 0, split, 1);
        Value initial = new BackwardSweep(d).run((t, dh) -> {
            Value dz = ops.mul(dh, toUpdate.get(t));
            Value dc = ops.mul(dh, toCandidate.get(t));
            Value kept = ops.mul(dh, update.get(t));
            if (linearFirst) {
                Value dr = ops.mul(dc, toReset.get(t));
                gates[t] = ops.concat(2, List.of(dz, dr, dc));
                recurrent[t] = ops.concat(2, List.of(dz, dr, ops.mul(dc, resets.get(t))));
                return ops.add(kept, ops.matMul(recurrent[t], d.recurrent()));
            }
            Value inner = ops.matMul(dc, candidateRows);
            Value dr = ops.mul(inner, toReset.get(t));
            recurrent[t] = ops.concat(2, List.of(dz, dr));
            gates[t] = ops.concat(2, List.of(recurrent[t], dc));
            Value through = ops.add(ops.mul(inner, resets.get(t)), ops.matMul(recurrent[t], gateRows));
            return ops.add(kept, through);
        });
        Value all = ops.concat(0, Arrays.asList(gates));
        Value rows = ops.concat(0, Arrays.asList(recurrent));
        List<DirectionGradient.Block> blocks = linearFirst
                ? List.of(new DirectionGradient.Block(rows, before))
                : List.of(
                        new DirectionGradient.Block(rows, before), new DirectionGradient.Block(d.gate(all, 2), reset));
        return new DirectionGradient(all, blocks, linearFirst ? rows : all, initial, null);
    }
}
