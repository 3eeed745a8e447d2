package io.squisher.onnx.reading.pattern;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** {@code (x − mean) / √(mean((x − mean)²) + ε) · γ + β} over the last axis, with vectors γ and β. */
final class LayerNormalizationPattern implements Pattern {
    @Override
    public Optional<Match> match(Node last, GraphIndex graph) {
        if (!last.op().equals("Add")) {
            return Optional.empty();
        }
        for (int i = 0; i < 2; i++) {
            String bias = last.input(i);
            Optional<Node> scaled = graph.producer(last.input(1 - i), "Mul");
            if (graph.isVector(bias) && scaled.isPresent() && graph.hasReaders(last.input(1 - i), 1)) {
                Optional<Match> match = scaled(last, scaled.get(), bias, graph);
                if (match.isPresent()) {
                    return match;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Match> scaled(Node last, Node mul, String bias, GraphIndex graph) {
        for (int i = 0; i < 2; i++) {
            String scale = mul.input(i);
            Optional<Node> normal = graph.producer(mul.input(1 - i), "Div");
            if (graph.isVector(scale) && normal.isPresent() && graph.hasReaders(mul.input(1 - i), 1)) {
                return normalised(last, mul, normal.get(), scale, bias, graph);
            }
        }
        return Optional.empty();
    }

    private static Optional<Match> normalised(
            Node last, Node mul, Node div, String scale, String bias, GraphIndex graph) {
        Optional<Node> centred = graph.producer(div.input(0), "Sub");
        Optional<Node> deviation = graph.producer(div.input(1), "Sqrt");
        Optional<Node> shifted = deviation.flatMap(node -> graph.producer(node.input(0), "Add"));
        if (centred.isEmpty() || shifted.isEmpty()) {
            return Optional.empty();
        }
        int epsilonAt = graph.scalar(shifted.get().input(1)).isPresent() ? 1 : 0;
        OptionalDouble epsilon = graph.scalar(shifted.get().input(epsilonAt));
        Optional<Node> variance = graph.producer(shifted.get().input(1 - epsilonAt), "ReduceMean");
        Optional<Node> square = variance.flatMap(node -> square(node.input(0), div.input(0), graph));
        Optional<Node> mean = graph.producer(centred.get().input(1), "ReduceMean");
        if (epsilon.isEmpty() || square.isEmpty() || mean.isEmpty()) {
            return Optional.empty();
        }
        boolean lastAxis = graph.reducesLastAxis(variance.get()) && graph.reducesLastAxis(mean.get());
        boolean sameInput = mean.get().input(0).equals(centred.get().input(0));
        int readersOfCentred = square.get().op().equals("Pow") ? 2 : 3;
        boolean closed = graph.hasReaders(div.input(0), readersOfCentred)
                && graph.hasReaders(div.input(1), 1)
                && graph.hasReaders(deviation.get().input(0), 1)
                && graph.hasReaders(variance.get().output(0), 1)
                && graph.hasReaders(square.get().output(0), 1)
                && graph.hasReaders(mean.get().output(0), 1);
        if (!lastAxis || !sameInput || !closed) {
            return Optional.empty();
        }
        Node fused = new Node(
                last.name(),
                "LayerNormalization",
                "",
                List.of(centred.get().input(0), scale, bias),
                last.outputs(),
                Attributes.NONE.with("axis", -1L).with("epsilon", (float) epsilon.getAsDouble()));
        return Optional.of(new Match(
                fused,
                Set.of(
                        mul,
                        div,
                        centred.get(),
                        deviation.get(),
                        shifted.get(),
                        variance.get(),
                        square.get(),
                        mean.get())));
    }

    private static Optional<Node> square(String value, String of, GraphIndex graph) {
        Optional<Node> power = graph.producer(value, "Pow")
                .filter(node -> node.input(0).equals(of) && graph.isScalar(node.input(1), 2));
        return power.isPresent()
                ? power
                : graph.producer(value, "Mul")
                        .filter(node ->
                                node.input(0).equals(of) && node.input(1).equals(of));
    }
}
