package io.squisher.onnx.fisher.graph;

import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.shape.GraphValues;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The linear layer that ends in the logits {@code z = W x + b}, one row of them for each example. Each of its elements acts on one
 * logit, so its gradient is that logit's times a number: {@code ∂ log p(y) / ∂W_ji = s_j(y) x_i} with {@code s = ∂ log p(y) / ∂z}. The
 * expected square is {@code E[s_j²] x_i²}, and needs no pass for each label.
 */
final class LastLayer {
    private final GraphValues values;
    private final Graph graph;
    private final String logits;

    private LastLayer(GraphValues values, String logits) {
        this.values = values;
        this.graph = values.graph().reaching(Set.of(logits));
        this.logits = logits;
    }

    /** Its weights and its bias, as far as nothing else uses them; none where the logits come of something else. */
    static Set<String> parameters(GraphValues values, String logits) {
        LastLayer layer = new LastLayer(values, logits);
        return layer.isRows(logits) ? layer.parameters() : Set.of();
    }

    private Set<String> parameters() {
        Map<String, Node> producers = graph.producers();
        Set<String> biases = new LinkedHashSet<>();
        Set<String> found = new LinkedHashSet<>();
        String product = logits;
        if (isStandard(producers.get(logits), "Add")) {
            Node add = producers.get(logits);
            int bias = graph.initializers().containsKey(add.input(0)) ? 0 : 1;
            biases.add(add.input(bias));
            product = add.input(1 - bias);
        }
        Node linear = producers.get(product);
        if (isLinear(linear) && isRows(product) && isRows(linear.input(0)) && width(product) == width(logits)) {
            found.add(linear.input(1));
            biases.addAll(linear.inputs().subList(2, linear.inputs().size()));
        }
        biases.removeIf(name -> !hasOneForEachLogit(name));
        found.addAll(biases);
        found.removeIf(name -> !isOwn(name));
        return found;
    }

    private static boolean isLinear(Node node) {
        return isStandard(node, "MatMul")
                || (isStandard(node, "Gemm") && node.attributes().integer("transA", 0) == 0);
    }

    private static boolean isStandard(Node node, String op) {
        return node != null && node.op().equals(op) && node.domain().isEmpty();
    }

    /** Whether a value is {@code [N, width]}. */
    private boolean isRows(String name) {
        return values.find(name)
                .map(value -> value.shape().ofBatch())
                .filter(shape -> shape.rank() == 2 && shape.dim(0).equals(Dim.EXAMPLES))
                .filter(shape -> !shape.dim(1).perExample())
                .isPresent();
    }

    private long width(String rows) {
        return values.shape(rows).size(1);
    }

    /** Whether an initializer is used once, by the layer. */
    private boolean isOwn(String name) {
        long uses = graph.nodes().stream()
                .mapToLong(node -> node.inputs().stream().filter(name::equals).count()
                        + node.captured().stream().filter(name::equals).count())
                .sum();
        return uses == 1 && graph.initializers().containsKey(name);
    }

    /** One number for all logits would act on several. */
    private boolean hasOneForEachLogit(String bias) {
        return values.find(bias)
                .filter(value -> value.shape().sizePerExample() == width(logits))
                .isPresent();
    }
}
