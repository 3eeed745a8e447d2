package io.squisher.onnx.reading.pattern;

import io.squisher.onnx.graph.Node;
import java.util.Optional;
import java.util.Set;

/** A composition of nodes that one operator can do. */
interface Pattern {
    /**
     * A composition that was found.
     *
     * @param replacement the operator, with the name and outputs of the composition's last node
     * @param inner the other nodes, whose values nobody else reads
     */
    record Match(Node replacement, Set<Node> inner) {}

    /** The composition that ends in {@code last}, if it does. */
    Optional<Match> match(Node last, GraphIndex graph);
}
