package io.squisher.onnx.reading.pattern;

import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Applies all patterns to a graph. */
public final class Patterns {
    private static final List<Pattern> ALL = List.of(new LayerNormalizationPattern(), new GeluPattern());

    private Patterns() {}

    /**
     * The graph with every composition replaced that a pattern recognises. Parameters, inputs and outputs keep their names;
     * values inside a composition are gone.
     */
    public static Graph fuse(Graph graph) {
        GraphIndex index = new GraphIndex(graph);
        Map<Node, Node> replacements = new HashMap<>();
        Set<Node> removed = new HashSet<>();
        for (Node node : graph.nodes()) {
            for (Pattern pattern : ALL) {
                Optional<Pattern.Match> match = pattern.match(node, index);
                if (match.isPresent() && match.get().inner().stream().noneMatch(removed::contains)) {
                    replacements.put(node, match.get().replacement());
                    removed.addAll(match.get().inner());
                }
            }
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (replacements.containsKey(node)) {
                nodes.add(replacements.get(node));
            } else if (!removed.contains(node)) {
                nodes.add(node);
            }
        }
        return new Graph(nodes, graph.initializers(), graph.constants(), graph.inputs(), graph.outputs());
    }
}
