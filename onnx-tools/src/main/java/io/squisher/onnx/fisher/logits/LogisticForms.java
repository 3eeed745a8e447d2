package io.squisher.onnx.fisher.logits;

import io.squisher.onnx.graph.Node;
import java.util.Optional;
import java.util.OptionalInt;

/** The logistic function and its logarithm, element by element: the operators, and what exporters write out. */
final class LogisticForms {
    private static final double HALF = 0.5;

    private final GraphFacts facts;

    LogisticForms(GraphFacts facts) {
        this.facts = facts;
    }

    /** The logistic function that ends in {@code node}, or its logarithm. */
    Optional<Form> match(Node node, Domain domain) {
        if (domain == Domain.LOG_PROBABILITY) {
            return facts.negated(node.output(0))
                    .flatMap(value -> facts.producer(value, "Softplus"))
                    .map(softplus -> negativeOf(softplus.input(0)));
        }
        return switch (node.op()) {
            case "Sigmoid" -> Optional.of(Form.elementwise(node.input(0), false));
            case "Reciprocal" -> ofOneMore(node.input(0));
            case "Div" -> facts.isScalar(node.input(0), 1) ? ofOneMore(node.input(1)) : ofExponential(node);
            case "Pow" -> facts.isScalar(node.input(1), -1) ? ofOneMore(node.input(0)) : Optional.empty();
            case "Add", "Mul" -> ofHalfTangent(node);
            default -> Optional.empty();
        };
    }

    /** {@code (tanh(t) + 1) / 2 = tanh(t) / 2 + 1 / 2 = σ(2 t)}, where t is half of the logits. */
    private Optional<Form> ofHalfTangent(Node node) {
        boolean sum = node.op().equals("Add");
        return beside(node, HALF)
                .flatMap(inner -> facts.producer(inner, sum ? "Mul" : "Add"))
                .flatMap(inner -> beside(inner, sum ? HALF : 1))
                .flatMap(tangent -> facts.producer(tangent, "Tanh"))
                .flatMap(tangent -> facts.producer(tangent.input(0)))
                .flatMap(half -> switch (half.op()) {
                    case "Mul" -> beside(half, HALF);
                    case "Div" -> facts.isScalar(half.input(1), 2) ? Optional.of(half.input(0)) : Optional.empty();
                    default -> Optional.empty();
                })
                .map(x -> Form.elementwise(x, false));
    }

    private Optional<String> beside(Node node, double scalar) {
        OptionalInt at = facts.besideScalar(node, scalar);
        return at.isPresent() ? Optional.of(node.input(at.getAsInt())) : Optional.empty();
    }

    /** {@code 1 / (1 + exp(y)) = σ(−y)}. */
    private Optional<Form> ofOneMore(String denominator) {
        return exponent(denominator).map(this::negativeOf);
    }

    /** {@code exp(x) / (1 + exp(x)) = σ(x)}. */
    private Optional<Form> ofExponential(Node division) {
        return facts.producer(division.input(0), "Exp")
                .map(exponential -> exponential.input(0))
                .filter(x -> exponent(division.input(1))
                        .filter(other -> facts.isSame(x, other))
                        .isPresent())
                .map(x -> Form.elementwise(x, false));
    }

    /** The value y where this is {@code 1 + exp(y)}. */
    private Optional<String> exponent(String value) {
        Optional<Node> sum = facts.producer(value, "Add");
        OptionalInt at = sum.isPresent() ? facts.besideScalar(sum.get(), 1) : OptionalInt.empty();
        return at.isPresent()
                ? facts.producer(sum.get().input(at.getAsInt()), "Exp").map(exponential -> exponential.input(0))
                : Optional.empty();
    }

    private Form negativeOf(String y) {
        return facts.negated(y).map(x -> Form.elementwise(x, false)).orElseGet(() -> Form.elementwise(y, true));
    }
}
