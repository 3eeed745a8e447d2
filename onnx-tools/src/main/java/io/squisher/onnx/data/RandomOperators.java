package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.operators.Trait;
import java.util.HashSet;
import java.util.Set;

/** Refuses outputs that are drawn at random: another run gives another number, and there is no gradient of it. */
final class RandomOperators {
    private RandomOperators() {}

    /**
     * @throws SquisherException if what the output holds depends on an operator that draws numbers
     */
    static void check(Graph graph, String output) {
        Set<String> read = new HashSet<>(Set.of(output));
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            if (node.outputs().stream().noneMatch(read::contains)) {
                continue;
            }
            if (node.facts().has(Trait.RANDOM)) {
                throw new SquisherException(
                        "the output '" + output + "' is random: " + node + " draws what it depends on"
                                + "; choose a value before it with --output ('squisher inspect --graph MODEL' lists them)");
            }
            read.addAll(node.elementsRead());
            read.addAll(node.captured());
        }
    }
}
