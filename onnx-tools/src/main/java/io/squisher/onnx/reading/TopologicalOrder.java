package io.squisher.onnx.reading;

import io.squisher.files.FormatException;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.onnx.ValueInfoProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Orders nodes so that each comes after those it reads from, and finds what makes that impossible. */
final class TopologicalOrder {
    private final Path file;
    private final Set<String> known = new HashSet<>();

    TopologicalOrder(Path file, Set<String> initializers, List<ValueInfoProto> inputs) {
        this.file = file;
        known.addAll(initializers);
        inputs.forEach(input -> known.add(input.getName()));
        known.add("");
    }

    /** The nodes in order; a file that is in order already, as it should be, keeps it. */
    List<Node> sort(List<Node> nodes) {
        checkSingleAssignment(nodes);
        List<Node> ordered = new ArrayList<>();
        Set<Node> waiting = new LinkedHashSet<>(nodes);
        while (!waiting.isEmpty()) {
            int before = ordered.size();
            waiting.removeIf(node -> {
                if (!known.containsAll(node.inputs()) || !known.containsAll(node.captured())) {
                    return false;
                }
                ordered.add(node);
                known.addAll(node.outputs());
                return true;
            });
            if (ordered.size() == before) {
                throw unreachable(waiting);
            }
        }
        return ordered;
    }

    private void checkSingleAssignment(List<Node> nodes) {
        Set<String> made = new HashSet<>();
        for (Node node : nodes) {
            for (String output : node.outputs()) {
                if (!output.isEmpty() && !made.add(output)) {
                    throw bad("two nodes make the value '" + output + "', the second is " + node);
                }
            }
        }
    }

    private FormatException unreachable(Set<Node> waiting) {
        Set<String> made = new HashSet<>();
        waiting.forEach(node -> made.addAll(node.outputs()));
        for (Node node : waiting) {
            Set<String> read = new LinkedHashSet<>(node.inputs());
            read.addAll(node.captured());
            for (String input : read) {
                if (!known.contains(input) && !made.contains(input)) {
                    return bad(node + " reads '" + input + "', which nothing makes");
                }
            }
        }
        return bad("the graph has a cycle through " + waiting.iterator().next());
    }

    private FormatException bad(String detail) {
        return FormatException.bad(file, "ONNX model", detail);
    }
}
