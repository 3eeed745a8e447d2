package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradient of a recurrent operator (Werbos 1990, through time). Inputs: X {@code [T, N, I]}, W, R, B, lengths, initial
 * states, peepholes; the reader puts time first and keeps all hidden states as output 0.
 */
public final class RecurrentRule implements GradientRule {
    public static final RecurrentRule LSTM = new RecurrentRule(new LstmCell());
    public static final RecurrentRule GRU = new RecurrentRule(new GruCell());
    public static final RecurrentRule RNN = new RecurrentRule(new RnnCell());

    private final Cell cell;

    private RecurrentRule(Cell cell) {
        this.cell = cell;
    }

    /** The gradients of each direction, not yet summed. */
    public List<DirectionGradient> directions(RuleContext c) {
        List<DirectionGradient> directions = new ArrayList<>();
        for (int i = 0; i < c.x(1).shape().size(0); i++) {
            directions.add(cell.differentiate(new Direction(c, i, cell), c));
        }
        return directions;
    }

    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        List<DirectionGradient> directions = directions(c);
        Value dx = null;
        List<Value> dw = new ArrayList<>();
        List<Value> dr = new ArrayList<>();
        List<Value> db = new ArrayList<>();
        List<Value> dh = new ArrayList<>();
        List<Value> dc = new ArrayList<>();
        List<Value> dp = new ArrayList<>();
        for (int i = 0; i < directions.size(); i++) {
            DirectionGradient d = directions.get(i);
            if (c.wants(0)) {
                Value part = ops.matMul(d.gates(), new Direction(c, i, cell).weights());
                dx = dx == null ? part : ops.add(dx, part);
            }
            if (c.wants(1)) {
                dw.add(ops.unsqueeze(product(ops, d.gates(), c.x(0)), 0));
            }
            if (c.wants(2)) {
                List<Value> rows = d.recurrent().stream()
                        .map(block -> product(ops, block.gates(), block.hidden()))
                        .toList();
                dr.add(ops.unsqueeze(ops.concat(0, rows), 0));
            }
            if (c.wants(3)) {
                Value biases = ops.concat(2, List.of(d.gates(), d.recurrentBias()));
                db.add(ops.unsqueeze(ops.reduceSum(biases, false, 0, 1), 0));
            }
            dh.add(d.initialHidden());
            if (c.wants(6)) {
                dc.add(d.cell().initial());
            }
            if (c.wants(7)) {
                dp.add(ops.unsqueeze(ops.reduceSum(d.cell().peepholes(), false, 0, 1), 0));
            }
        }
        return Gradients.of(
                dx,
                c.wants(1) ? ops.concat(0, dw) : null,
                c.wants(2) ? ops.concat(0, dr) : null,
                c.wants(3) ? ops.concat(0, db) : null,
                null,
                c.wants(5) ? ops.concat(0, dh) : null,
                c.wants(6) ? ops.concat(0, dc) : null,
                c.wants(7) ? ops.concat(0, dp) : null);
    }

    /** {@code Σ_t,n aᵀ b} of {@code [T, N, …]}. */
    private static Value product(Ops ops, Value a, Value b) {
        return ops.gemm(flat(ops, a), true, flat(ops, b), false);
    }

    private static Value flat(Ops ops, Value x) {
        long steps = x.shape().size(0);
        Dim examples = x.shape().dim(1);
        Dim rows = examples.perExample()
                ? new Dim(steps * examples.outer(), examples.inner(), true)
                : Dim.of(steps * examples.factor());
        return ops.reshape(x, TensorShape.of(rows, x.shape().dim(2)));
    }
}
