package io.squisher.onnx.reading.pattern;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code x · ½ · (1 + erf(x / √2))}, the factors in any order. */
final class GeluPattern implements Pattern {
    @Override
    public Optional<Match> match(Node last, GraphIndex graph) {
        if (!last.op().equals("Mul")) {
            return Optional.empty();
        }
        // The last product has three factors: two of them are a product themselves.
        for (int i = 0; i < 2; i++) {
            Optional<Node> product = graph.producer(last.input(i), "Mul");
            if (product.isPresent() && graph.hasReaders(last.input(i), 1)) {
                List<String> factors = new ArrayList<>(product.get().inputs());
                factors.add(last.input(1 - i));
                Optional<Match> match = factors(last, product.get(), factors, graph);
                if (match.isPresent()) {
                    return match;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Match> factors(Node last, Node product, List<String> factors, GraphIndex graph) {
        for (String half : factors) {
            if (!graph.isScalar(half, 0.5)) {
                continue;
            }
            List<String> others = new ArrayList<>(factors);
            others.remove(half);
            for (int i = 0; i < 2; i++) {
                Optional<Set<Node>> bell = bell(others.get(i), others.get(1 - i), graph);
                if (bell.isPresent()) {
                    Set<Node> inner = new HashSet<>(bell.get());
                    inner.add(product);
                    Node gelu = new Node(
                            last.name(), "Gelu", "", List.of(others.get(1 - i)), last.outputs(), Attributes.NONE);
                    return Optional.of(new Match(gelu, inner));
                }
            }
        }
        return Optional.empty();
    }

    /** The nodes of {@code 1 + erf(x / √2)}, if {@code value} is that. */
    private static Optional<Set<Node>> bell(String value, String x, GraphIndex graph) {
        Optional<Node> sum = graph.producer(value, "Add").filter(node -> graph.hasReaders(value, 1));
        if (sum.isEmpty()) {
            return Optional.empty();
        }
        int one = graph.isScalar(sum.get().input(1), 1) ? 1 : 0;
        Optional<Node> erf = graph.producer(sum.get().input(1 - one), "Erf");
        if (!graph.isScalar(sum.get().input(one), 1)
                || erf.isEmpty()
                || !graph.hasReaders(erf.get().output(0), 1)
                || !graph.hasReaders(erf.get().input(0), 1)) {
            return Optional.empty();
        }
        Optional<Node> scaled = graph.producer(erf.get().input(0), "Div")
                .filter(node -> graph.isScalar(node.input(1), Math.sqrt(2)))
                .or(() -> graph.producer(erf.get().input(0), "Mul")
                        .filter(node -> graph.isScalar(node.input(1), Math.sqrt(0.5))));
        return scaled.filter(node -> node.input(0).equals(x)).map(node -> Set.of(sum.get(), erf.get(), node));
    }
}
