package io.squisher.onnx.structure;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.FileGraph;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The numbers that Reshape nodes are given, changed for each node alone: the constants may be used elsewhere, and other
 * elements of the shape may be measured while the model runs.
 */
final class ShapeEdits {
    private final GraphProto.Builder graph;
    private final Map<Integer, Map<Integer, Long>> changes = new TreeMap<>();
    private final Set<String> names = new HashSet<>();

    ShapeEdits(GraphProto.Builder graph) {
        this.graph = graph;
        graph.getInitializerList().forEach(initializer -> names.add(initializer.getName()));
        graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
    }

    /** Element {@code entry} of the shape that node number {@code node} is given becomes {@code size}. */
    void set(int node, int entry, long size) {
        changes.computeIfAbsent(node, place -> new LinkedHashMap<>()).put(entry, size);
    }

    /** Changes the graph; what was counted as node numbers no longer holds afterwards. */
    void apply() {
        FileGraph before = new FileGraph(graph.build());
        int moved = 0;
        for (Map.Entry<Integer, Map<Integer, Long>> change : changes.entrySet()) {
            int at = change.getKey() + moved;
            NodeProto.Builder reshape = graph.getNodeBuilder(at);
            String shape = reshape.getInput(1);
            long[] numbers = before.integers(shape).orElse(null);
            if (numbers != null) {
                change.getValue().forEach((entry, size) -> numbers[entry] = size);
                reshape.setInput(1, constant(shape, before.uses(shape) == 1, numbers));
            } else {
                NodeProto.Builder parts = before.producer(shape).orElseThrow().toProto().toBuilder();
                change.getValue().forEach((entry, size) -> {
                    String part = parts.getInput(entry);
                    boolean alone = before.uses(shape) == 1 && before.uses(part) == 1;
                    parts.setInput(entry, constant(part, alone, size));
                });
                moved += place(parts, before.uses(shape) == 1, at);
            }
        }
    }

    /** Puts a changed Concat in its old place, or if others read the old one in front of the Reshape, which reads it. */
    private int place(NodeProto.Builder parts, boolean alone, int at) {
        if (alone) {
            for (int i = 0; i < at; i++) {
                if (graph.getNode(i).getOutputList().equals(parts.getOutputList())) {
                    graph.setNode(i, parts);
                }
            }
            return 0;
        }
        String changed = unused(parts.getOutput(0));
        graph.getNodeBuilder(at).setInput(1, changed);
        graph.addNode(at, parts.setName(changed).setOutput(0, changed));
        return 1;
    }

    /** A constant like another: in its place, if it is an initializer that nothing else reads. */
    private String constant(String like, boolean alone, long... values) {
        for (int i = 0; alone && i < graph.getInitializerCount(); i++) {
            if (graph.getInitializer(i).getName().equals(like)) {
                graph.setInitializer(i, OnnxTensors.write(like, Tensor.of(Shape.of(values.length), values)));
                return like;
            }
        }
        return constant(like, values);
    }

    private String constant(String like, long... values) {
        String name = unused(like);
        TensorProto tensor = OnnxTensors.write(name, Tensor.of(Shape.of(values.length), values));
        graph.addInitializer(tensor);
        return name;
    }

    private String unused(String like) {
        int number = 1;
        while (!names.add(like + "/pruned_" + number)) {
            number++;
        }
        return like + "/pruned_" + number;
    }
}
