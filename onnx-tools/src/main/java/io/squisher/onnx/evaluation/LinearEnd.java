package io.squisher.onnx.evaluation;

import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import java.util.Map;
import java.util.Optional;

/**
 * The linear layer that gives a classifier's logits, f = W h + b.
 *
 * @param features name of the value h, {@code [N, features]}
 * @param weights name of the initializer W
 * @param classesFirst whether W is {@code [classes, features]}; otherwise {@code [features, classes]}
 * @param bias name of the initializer b; empty where there is none
 */
public record LinearEnd(String features, String weights, boolean classesFirst, Optional<String> bias) {
    /** The layer that gives {@code value}: Gemm, or MatMul with an Add behind it or not. */
    static Optional<LinearEnd> of(Graph graph, String value) {
        Map<String, Node> producers = graph.producers();
        Node last = producers.get(value);
        if (last == null) {
            return Optional.empty();
        }
        return switch (last.op()) {
            case "Identity" -> of(graph, last.input(0));
            case "Gemm" -> gemm(graph, last);
            case "MatMul" -> matMul(graph, last, Optional.empty());
            case "Add" -> added(graph, producers, last);
            default -> Optional.empty();
        };
    }

    private static Optional<LinearEnd> gemm(Graph graph, Node node) {
        boolean plain = node.attributes().integer("transA", 0) == 0
                && node.attributes().number("alpha", 1) == 1
                && node.attributes().number("beta", 1) == 1;
        Optional<String> bias = node.hasInput(2) ? Optional.of(node.input(2)) : Optional.empty();
        if (!plain
                || !isWeight(graph, node.input(1))
                || bias.filter(name -> !isWeight(graph, name)).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                new LinearEnd(node.input(0), node.input(1), node.attributes().integer("transB", 0) == 1, bias));
    }

    private static Optional<LinearEnd> matMul(Graph graph, Node node, Optional<String> bias) {
        return isWeight(graph, node.input(1))
                ? Optional.of(new LinearEnd(node.input(0), node.input(1), false, bias))
                : Optional.empty();
    }

    private static Optional<LinearEnd> added(Graph graph, Map<String, Node> producers, Node add) {
        for (int position = 0; position < 2; position++) {
            Node product = producers.get(add.input(position));
            String bias = add.input(1 - position);
            if (product != null && product.op().equals("MatMul") && isWeight(graph, bias)) {
                return matMul(graph, product, Optional.of(bias));
            }
        }
        return Optional.empty();
    }

    private static boolean isWeight(Graph graph, String name) {
        return graph.initializers().containsKey(name);
    }
}
