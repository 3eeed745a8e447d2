package io.squisher.onnx.fisher.logits;

import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.Node;
import java.util.Optional;
import java.util.OptionalInt;

/** Softmax and its logarithm over one axis: the operators, and what exporters write out. */
final class SoftmaxForms {
    /** Added to a sum so that nothing is divided by zero. */
    private static final double GUARD = 1e-4;

    private final GraphFacts facts;

    SoftmaxForms(GraphFacts facts) {
        this.facts = facts;
    }

    /** The softmax that ends in {@code node}, or its logarithm. */
    Optional<Form> match(Node node, Domain domain) {
        boolean logarithm = domain == Domain.LOG_PROBABILITY;
        if (node.op().equals(logarithm ? "LogSoftmax" : "Softmax")) {
            int rank = facts.shape(node.input(0)).rank();
            int axis = (int) node.attributes().integer("axis", -1);
            return Optional.of(Form.over(Axes.fromFirst(axis, rank), node.input(0)));
        }
        if (logarithm) {
            return node.op().equals("Sub") ? lessLogarithmOfSum(node.input(0), node.input(1)) : Optional.empty();
        }
        return switch (node.op()) {
            case "Div" -> overSum(node.input(0), node.input(1));
            case "Mul" ->
                timesReciprocal(node.input(0), node.input(1)).or(() -> timesReciprocal(node.input(1), node.input(0)));
            default -> Optional.empty();
        };
    }

    /** {@code exp(x) / Σ exp(x)}. */
    private Optional<Form> overSum(String numerator, String denominator) {
        Optional<Node> exponential = facts.producer(numerator, "Exp");
        if (exponential.isEmpty()) {
            return Optional.empty();
        }
        OptionalInt axis = facts.reducedAxis(unguarded(denominator), "ReduceSum", numerator);
        return axis.isPresent()
                ? Optional.of(withoutShift(exponential.get().input(0), axis.getAsInt()))
                : Optional.empty();
    }

    private Optional<Form> timesReciprocal(String numerator, String reciprocal) {
        return facts.producer(reciprocal, "Reciprocal").flatMap(node -> overSum(numerator, node.input(0)));
    }

    /** {@code x − log Σ exp(x)}. */
    private Optional<Form> lessLogarithmOfSum(String x, String subtracted) {
        OptionalInt axis = facts.reducedAxis(subtracted, "ReduceLogSumExp", x);
        if (axis.isEmpty()) {
            Optional<Node> sum = facts.producer(subtracted, "Log").flatMap(log -> facts.producer(log.input(0)));
            Optional<String> summed = sum.flatMap(node -> facts.producer(
                            node.op().equals("Unsqueeze")
                                    ? facts.producer(node.input(0))
                                            .map(inner -> inner.input(0))
                                            .orElse("")
                                    : node.input(0),
                            "Exp"))
                    .filter(exponential -> facts.isSame(exponential.input(0), x))
                    .map(exponential -> exponential.output(0));
            if (summed.isPresent()) {
                axis = facts.reducedAxis(sum.get().output(0), "ReduceSum", summed.get());
            }
        }
        return axis.isPresent() ? Optional.of(withoutShift(x, axis.getAsInt())) : Optional.empty();
    }

    /** A softmax does not change with what is subtracted from all classes: their maximum, against overflow. */
    private Form withoutShift(String x, int axis) {
        Optional<Node> shift = facts.producer(x, "Sub");
        if (shift.isPresent()) {
            String z = shift.get().input(0);
            OptionalInt reduced = facts.reducedAxis(shift.get().input(1), "ReduceMax", z);
            if (reduced.isPresent() && reduced.getAsInt() == axis) {
                return Form.over(axis, z);
            }
        }
        return Form.over(axis, x);
    }

    private String unguarded(String sum) {
        Optional<Node> node = facts.producer(sum);
        if (node.isPresent()
                && (node.get().op().equals("Add") || node.get().op().equals("Max"))) {
            for (int i = 0; i < 2; i++) {
                if (facts.scalar(node.get().input(i)).orElse(1) <= GUARD) {
                    return node.get().input(1 - i);
                }
            }
        }
        return node.isPresent()
                        && node.get().op().equals("Clip")
                        && facts.scalar(node.get().input(1)).orElse(1) <= GUARD
                        && !node.get().hasInput(2)
                ? node.get().input(0)
                : sum;
    }
}
