package io.squisher.onnx.autodiff.recurrent;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.Arrays;
import java.util.List;

/**
 * LSTM: i, o, f = σ(W x + R h + b), g = tanh(W x + R h + b), c' = f c + i g, h' = o tanh(c') (Hochreiter and Schmidhuber
 * 1997). With dc = dc' + o (1 − tanh²c') dh the gates' sums get di = i (1−i) g dc, do = o (1−o) tanh(c') dh, df = f (1−f)
 * c dc, dg = (1−g²) i dc, and c gets f dc.
 */
final class LstmCell implements Cell {
    private static final int PEEPHOLES = 7;

    @Override
    public int gates() {
        return 4;
    }

    @Override
    public void check(RuleContext context) {
        Cell.checkPlain(context, "Sigmoid", "Tanh", "Tanh");
        if (context.has(PEEPHOLES) || context.attributes().integer("input_forget", 0) != 0) {
            throw context.refuse("has peepholes or coupled gates, which have no gradient rule; export without them");
        }
    }

    @Override
    public DirectionGradient differentiate(Direction d, RuleContext context) {
        Ops ops = d.ops();
        Value before = d.hiddenBefore();
        Value sums = ops.add(d.inputs(), d.recurrences(before, 0, gates()));
        Value i = ops.unary("Sigmoid", d.gate(sums, 0));
        Value o = ops.unary("Sigmoid", d.gate(sums, 1));
        Value f = ops.unary("Sigmoid", d.gate(sums, 2));
        Value g = ops.unary("Tanh", d.gate(sums, 3));
        Value cells = cells(d, f, ops.mul(i, g));
        Value bent = ops.unary("Tanh", cells);

        List<Value> forget = d.steps(f);
        List<Value> toInput = d.steps(ops.mul(g, d.sigmoidSlope(i)));
        List<Value> toOutput = d.steps(ops.mul(bent, d.sigmoidSlope(o)));
        List<Value> toForget = d.steps(ops.mul(d.before(cells, d.initialCell()), d.sigmoidSlope(f)));
        List<Value> toCandidate = d.steps(ops.mul(i, d.tanhSlope(g)));
        List<Value> toCell = d.steps(ops.mul(o, d.tanhSlope(bent)));
        Value[] gates = new Value[d.time()];
        Value[] cell = {d.lastGradient(2).orElse(null)};
        BackwardSweep sweep = new BackwardSweep(d);
        Value initial = sweep.run((t, dh) -> {
            Value own = ops.mul(dh, toCell.get(t));
            Value total = cell[0] == null ? own : ops.add(cell[0], own);
            cell[0] = sweep.masked(t, total, dc -> {
                gates[t] = ops.concat(
                        2,
                        List.of(
                                ops.mul(dc, toInput.get(t)),
                                ops.mul(dh, toOutput.get(t)),
                                ops.mul(dc, toForget.get(t)),
                                ops.mul(dc, toCandidate.get(t))));
                return ops.mul(dc, forget.get(t));
            });
            return ops.matMul(gates[t], d.recurrent());
        });
        Value all = ops.concat(0, Arrays.asList(gates));
        return new DirectionGradient(all, List.of(new DirectionGradient.Block(all, before)), all, initial, cell[0]);
    }

    /** The cell states behind each step, which the forward keeps only the last of. */
    private static Value cells(Direction d, Value forget, Value added) {
        Ops ops = d.ops();
        List<Value> kept = d.steps(forget);
        List<Value> news = d.steps(added);
        List<Value> masks = d.mask().map(d::steps).orElse(List.of());
        Value[] cells = new Value[d.time()];
        Value cell = d.initialCell();
        for (int t : d.order()) {
            Value next = ops.add(ops.mul(kept.get(t), cell), news.get(t));
            cell = masks.isEmpty() ? next : ops.add(cell, ops.mul(masks.get(t), ops.sub(next, cell)));
            cells[t] = cell;
        }
        return ops.concat(0, Arrays.asList(cells));
    }
}
