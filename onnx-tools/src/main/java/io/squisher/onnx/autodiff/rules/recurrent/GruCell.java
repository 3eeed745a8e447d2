package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Scan;
import io.squisher.onnx.emit.Value;
import java.util.List;

/**
 * GRU: z, r = f(W x + R h + b), ĥ = g(W x + b + R (r h)), or g(W x + b + r (R h + b)) with {@code linear_before_reset},
 * h' = (1 − z) ĥ + z h (Cho et al. 2014). The sums get dz = f' (h − ĥ) dh', dĥ = g' (1−z) dh', and dr = f' times what the
 * reset was multiplied with.
 */
final class GruCell implements Cell {
    /** The gradients at the sums of z, ĥ and r over that at h', or at what r was multiplied with; then z and r. */
    private static final int UPDATE = 0;

    private static final int CANDIDATE = 1;
    private static final int RESET = 2;
    private static final int UPDATES = 3;
    private static final int RESETS = 4;

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

        /** The sweep, with what each step needs in the order of the numbers above. */
        BackwardSweep sweep(Direction d, Gate candidate, Value toReset) {
            return new BackwardSweep(
                    d,
                    List.of(toUpdate(d, candidate), toCandidate(d, candidate), toReset, update.value(), reset.value()));
        }

        private Value toUpdate(Direction d, Gate candidate) {
            Ops ops = d.ops();
            return ops.mul(ops.sub(before, candidate.value()), update.slope());
        }

        private Value toCandidate(Direction d, Gate candidate) {
            return d.ops().mul(d.complement(update.value()), candidate.slope());
        }
    }

    private static DirectionGradient resetFirst(Direction d) {
        Ops ops = d.ops();
        Gates gate = new Gates(d);
        Value remembered = ops.mul(gate.reset.value(), gate.before);
        Gate candidate = d.gate(1, ops.add(d.block(gate.inputs, 2), d.recurrences(remembered, 2, 3)));
        long split = 2L * d.units();
        Value candidateRows = ops.slice(d.recurrent(), 0, split, 3L * d.units(), 1);
        Value gateRows = ops.slice(d.recurrent(), 0, 0, split, 1);
        Value toReset = ops.mul(gate.before, gate.reset.slope());
        Scan.Result swept = gate.sweep(d, candidate, toReset).run(1, (inner, states, factors) -> {
            Value dh = states.get(0);
            Value dc = inner.mul(dh, factors.get(CANDIDATE));
            Value through = inner.matMul(dc, candidateRows);
            Value dr = inner.mul(through, factors.get(RESET));
            Value recurrent = inner.concat(1, List.of(inner.mul(dh, factors.get(UPDATE)), dr));
            Value back = inner.add(inner.mul(through, factors.get(RESETS)), inner.matMul(recurrent, gateRows));
            return new Scan.Result(
                    List.of(inner.add(inner.mul(dh, factors.get(UPDATES)), back)),
                    List.of(inner.concat(1, List.of(recurrent, dc)), recurrent));
        });
        Value all = swept.collected().get(0);
        Value rows = swept.collected().get(1);
        List<DirectionGradient.Block> blocks = List.of(
                new DirectionGradient.Block(rows, gate.before),
                new DirectionGradient.Block(d.block(all, 2), remembered));
        return new DirectionGradient(all, blocks, all, swept.states().get(0), null);
    }

    private static DirectionGradient linearFirst(Direction d) {
        Ops ops = d.ops();
        Gates gate = new Gates(d);
        Value linear = d.recurrences(gate.before, 2, 3);
        Gate candidate = d.gate(1, ops.add(d.block(gate.inputs, 2), ops.mul(gate.reset.value(), linear)));
        Value toReset = ops.mul(linear, gate.reset.slope());
        Scan.Result swept = gate.sweep(d, candidate, toReset).run(1, (inner, states, factors) -> {
            Value dh = states.get(0);
            Value dz = inner.mul(dh, factors.get(UPDATE));
            Value dc = inner.mul(dh, factors.get(CANDIDATE));
            Value dr = inner.mul(dc, factors.get(RESET));
            Value recurrent = inner.concat(1, List.of(dz, dr, inner.mul(dc, factors.get(RESETS))));
            Value back = inner.matMul(recurrent, d.recurrent());
            return new Scan.Result(
                    List.of(inner.add(inner.mul(dh, factors.get(UPDATES)), back)),
                    List.of(inner.concat(1, List.of(dz, dr, dc)), recurrent));
        });
        Value all = swept.collected().get(0);
        Value rows = swept.collected().get(1);
        List<DirectionGradient.Block> blocks = List.of(new DirectionGradient.Block(rows, gate.before));
        return new DirectionGradient(all, blocks, rows, swept.states().get(0), null);
    }
}
