package io.squisher.onnx.emit;

import io.squisher.internal.protobuf.ByteString;
import io.squisher.onnx.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins emitted nodes with forward nodes that compute the same and return less: a rule that needs the indices of a MaxPool
 * or the statistics of a LayerNormalization emits the node with those outputs, and here the forward gives them.
 */
public final class ForwardReuse {
    private record Key(String op, List<String> inputs, Set<ByteString> attributes) {
        static Key of(Node node) {
            return new Key(
                    node.op(), node.inputs(), Set.copyOf(node.attributes().encoded()));
        }
    }

    private final List<Node> forward = new ArrayList<>();
    private final List<Node> emitted = new ArrayList<>();

    /** Joins what can be joined. */
    public ForwardReuse(List<Node> forwardNodes, List<Node> emittedNodes) {
        Map<Key, Integer> places = new HashMap<>();
        for (Node node : forwardNodes) {
            if (node.domain().isEmpty()) {
                places.put(Key.of(node), forward.size());
            }
            forward.add(node);
        }
        Map<String, String> renamed = new HashMap<>();
        for (Node node : emittedNodes) {
            Integer place = places.get(Key.of(node));
            if (place == null) {
                emitted.add(renamed.isEmpty() ? node : node.reading(input -> renamed.getOrDefault(input, input)));
            } else {
                join(place, node, renamed);
            }
        }
    }

    private void join(int place, Node node, Map<String, String> renamed) {
        Node known = forward.get(place);
        List<String> outputs = new ArrayList<>(known.outputs());
        for (int i = 0; i < node.outputs().size(); i++) {
            if (i < outputs.size() && !outputs.get(i).isEmpty()) {
                renamed.put(node.output(i), outputs.get(i));
            } else if (i < outputs.size()) {
                outputs.set(i, node.output(i));
            } else {
                outputs.add(node.output(i));
            }
        }
        forward.set(
                place, new Node(known.name(), known.op(), known.domain(), known.inputs(), outputs, known.attributes()));
    }

    /** The forward nodes, some with more outputs. */
    public List<Node> forward() {
        return forward;
    }

    /** The emitted nodes that are left. */
    public List<Node> emitted() {
        return emitted;
    }
}
