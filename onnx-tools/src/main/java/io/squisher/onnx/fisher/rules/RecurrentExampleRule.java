package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.autodiff.rules.recurrent.DirectionGradient;
import io.squisher.onnx.autodiff.rules.recurrent.RecurrentRule;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Weights, biases and peepholes of LSTM, GRU and RNN: each example's gradient is a product over its steps, {@code G_n = Σ_t
 * dgate_ntᵀ x_nt}, or a sum over them.
 */
final class RecurrentExampleRule implements ExampleGradientRule {
    private static final int WEIGHTS = 1;
    private static final int RECURRENT = 2;
    private static final int BIAS = 3;
    private static final int PEEPHOLES = 7;

    private final RecurrentRule rule;

    RecurrentExampleRule(RecurrentRule rule) {
        this.rule = rule;
    }

    @Override
    public Optional<ExampleGradient> apply(RuleContext c, int position) {
        boolean parameters = position >= WEIGHTS && position <= BIAS || position == PEEPHOLES;
        if (!parameters || c.x(0).shape().exampleAxis() != 1) {
            return Optional.empty();
        }
        Ops ops = c.ops();
        List<Value> parts = new ArrayList<>();
        for (DirectionGradient direction : rule.directions(c)) {
            Value part =
                    switch (position) {
                        case WEIGHTS -> product(ops, direction.gates(), c.x(0));
                        case RECURRENT ->
                            ops.concat(
                                    1,
                                    direction.recurrent().stream()
                                            .map(block -> product(ops, block.gates(), block.hidden()))
                                            .toList());
                        case BIAS -> sum(ops, ops.concat(2, List.of(direction.gates(), direction.recurrentBias())));
                        default -> sum(ops, direction.cell().peepholes());
                    };
            parts.add(ops.unsqueeze(part, 1));
        }
        return Optional.of(new KnownGradient(ops.concat(1, parts), "per-example product over the steps"));
    }

    /** {@code [N, rows, columns]}. */
    private static Value product(Ops ops, Value gates, Value x) {
        return ops.matMul(ops.transpose(ExampleFirst.rows(ops, gates), 0, 2, 1), ExampleFirst.rows(ops, x));
    }

    /** {@code [N, numbers]}. */
    private static Value sum(Ops ops, Value steps) {
        return ops.reduceSum(ExampleFirst.rows(ops, steps), false, 1);
    }
}
