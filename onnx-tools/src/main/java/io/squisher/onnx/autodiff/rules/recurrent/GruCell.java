package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.Arrays;
import java.util.List;

/**
 * GRU: z, r = f(W x + R h + b), ĥ = g(W x + b + R (r h)), or g(W x + b + r (R h + b)) with {@code linear_before_reset},
 * h' = (1 − z) ĥ + z h (Cho et al. 2014). The sums get dz = f' (h − ĥ) dh', dĥ = g' (1−z) dh', and dr = f' times what the
 * reset was multiplied with.
 */
final class GruCell implements Cell {
    @Override
    public int gates() {
        return 3;
    }

    @Override
    public String[] activations() {
        return new String[] {"Sigmoid", "Tanh"};
    }

    @Override
    public DirectionGradient differentiate(Direction d, RuleContext context) {
        boolean linearFirst = context.attributes().integer("linear_before_reset", 0) != 0;
        return linearFirst ? linearFirst(d) : resetFirst(d);
    }

    /** Gates z and r, and what multiplies dh' for the sums of z and ĥ, step by step. */
    private static final class Gates {
        final Value before;
        final Value inputs;
        final Gate update;
        final Gate reset;

        Gates(Direction d) {
            Ops ops = d.ops();
            before = d.hiddenBefore();
            inputs = d.inputs();
            Value both = ops.add(ops.slice(inputs, 2, 0, 2L * d.units(), 1), d.recurrences(before, 0, 2));
            update = d.gate(0, d.block(both, 0));
            reset = d.gate(0, d.block(both, 1));
        }

        List<Value> toUpdate(Direction d, Gate candidate) {
            Ops ops = d.ops();
            return d.steps(ops.mul(ops.sub(before, candidate.value()), update.slope()));
        }

        List<Value> toCandidate(Direction d, Gate candidate) {
            return d.steps(d.ops().mul(d.complement(update.value()), candidate.slope()));
        }
    }

    private static DirectionGradient resetFirst(Direction d) {
        Ops ops = d.ops();
        Gates gate = new Gates(d);
        Value remembered = ops.mul(gate.reset.value(), gate.before);
        Gate candidate = d.gate(1, ops.add(d.block(gate.inputs, 2), d.recurrences(remembered, 2, 3)));
        List<Value> update = d.steps(gate.update.value());
        List<Value> resets = d.steps(gate.reset.value());
        List<Value> toUpdate = gate.toUpdate(d, candidate);
        List<Value> toCandidate = gate.toCandidate(d, candidate);
        List<Value> toReset = d.steps(ops.mul(gate.before, gate.reset.slope()));
        Value[] gates = new Value[d.time()];
        Value[] recurrent = new Value[d.time()];
        long split = 2L * d.units();
        Value candidateRows = ops.slice(d.recurrent(), 0, split, 3L * d.units(), 1);
        Value gateRows = ops.slice(d.recurrent(), 0, 0, split, 1);
        Value initial = new BackwardSweep(d).run((t, dh) -> {
            Value dc = ops.mul(dh, toCandidate.get(t));
            Value inner = ops.matMul(dc, candidateRows);
            recurrent[t] = ops.concat(2, List.of(ops.mul(dh, toUpdate.get(t)), ops.mul(inner, toReset.get(t))));
            gates[t] = ops.concat(2, List.of(recurrent[t], dc));
            Value through = ops.add(ops.mul(inner, resets.get(t)), ops.matMul(recurrent[t], gateRows));
            return ops.add(ops.mul(dh, update.get(t)), through);
        });
        Value all = ops.concat(0, Arrays.asList(gates));
        Value rows = ops.concat(0, Arrays.asList(recurrent));
        List<DirectionGradient.Block> blocks = List.of(
                new DirectionGradient.Block(rows, gate.before),
                new DirectionGradient.Block(d.block(all, 2), remembered));
        return new DirectionGradient(all, blocks, all, initial, null);
    }

    private static DirectionGradient linearFirst(Direction d) {
        Ops ops = d.ops();
        Gates gate = new Gates(d);
        Value linear = d.recurrences(gate.before, 2, 3);
        Gate candidate = d.gate(1, ops.add(d.block(gate.inputs, 2), ops.mul(gate.reset.value(), linear)));
        List<Value> update = d.steps(gate.update.value());
        List<Value> resets = d.steps(gate.reset.value());
        List<Value> toUpdate = gate.toUpdate(d, candidate);
        List<Value> toCandidate = gate.toCandidate(d, candidate);
        List<Value> toReset = d.steps(ops.mul(linear, gate.reset.slope()));
        Value[] gates = new Value[d.time()];
        Value[] recurrent = new Value[d.time()];
        Value initial = new BackwardSweep(d).run((t, dh) -> {
            Value dz = ops.mul(dh, toUpdate.get(t));
            Value dc = ops.mul(dh, toCandidate.get(t));
            Value dr = ops.mul(dc, toReset.get(t));
            gates[t] = ops.concat(2, List.of(dz, dr, dc));
            recurrent[t] = ops.concat(2, List.of(dz, dr, ops.mul(dc, resets.get(t))));
            return ops.add(ops.mul(dh, update.get(t)), ops.matMul(recurrent[t], d.recurrent()));
        });
        Value all = ops.concat(0, Arrays.asList(gates));
        Value rows = ops.concat(0, Arrays.asList(recurrent));
        List<DirectionGradient.Block> blocks = List.of(new DirectionGradient.Block(rows, gate.before));
        return new DirectionGradient(all, blocks, rows, initial, null);
    }
}
