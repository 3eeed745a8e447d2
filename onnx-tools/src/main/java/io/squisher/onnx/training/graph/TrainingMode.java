package io.squisher.onnx.training.graph;

import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.TensorProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A graph with the operators that do something else while a model is trained: BatchNormalization takes the batch's own mean and
 * variance, and dropout multiplies by a mask, which the caller feeds. In inference mode it is the graph as it was.
 *
 * @param values the graph, with the batch's statistics as further values
 * @param normalizations by name of a BatchNormalization, what takes its place in the forward pass
 * @param masks by input, the mask of a dropout
 * @param constants what the new nodes read
 */
public record TrainingMode(
        GraphValues values,
        Map<String, BatchStatistics> normalizations,
        Map<String, TrainableGraph.Mask> masks,
        Map<String, TensorProto> constants) {
    /** The graph in inference mode. */
    public static TrainingMode off(GraphValues values) {
        return new TrainingMode(values, Map.of(), Map.of(), Map.of());
    }

    /** The graph in training mode. */
    public static TrainingMode on(GraphValues values) {
        Graph graph = values.graph();
        Map<String, BatchStatistics> normalizations = new LinkedHashMap<>();
        Map<String, TrainableGraph.Mask> masks = new LinkedHashMap<>();
        Map<String, TensorProto> constants = new LinkedHashMap<>();
        Map<String, TensorShape> shapes = new LinkedHashMap<>(values.shapes());
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Optional<TrainableGraph.Mask> mask = Dropouts.mask(node, values);
            if (mask.isPresent()) {
                masks.put(node.input(1), mask.get());
                shapes.put(node.input(1), mask.get().shape());
                nodes.add(node);
            } else if (BatchStatistics.isNormalization(node)) {
                BatchStatistics statistics = BatchStatistics.of(node, values);
                normalizations.put(node.name(), statistics);
                shapes.put(
                        statistics.normalized().name(), statistics.normalized().shape());
                shapes.put(statistics.deviation().name(), statistics.deviation().shape());
                constants.putAll(statistics.constants());
                nodes.add(statistics.inTraining());
            } else {
                nodes.add(node);
            }
        }
        Map<String, TensorProto> initializers = new LinkedHashMap<>(graph.initializers());
        initializers.keySet().removeAll(masks.keySet());
        Map<String, TensorProto> others = new LinkedHashMap<>(graph.constants());
        others.keySet().removeAll(masks.keySet());
        Graph changed = new Graph(nodes, initializers, others, graph.inputs(), graph.outputs());
        return new TrainingMode(new GraphValues(changed, shapes, values.floating()), normalizations, masks, constants);
    }

    /** The nodes of the forward pass in place of {@code nodes}. */
    List<Node> forward(List<Node> nodes) {
        List<Node> forward = new ArrayList<>();
        for (Node node : nodes) {
            BatchStatistics statistics = normalizations.get(node.name());
            if (statistics == null) {
                forward.add(node);
            } else {
                forward.addAll(statistics.nodes());
            }
        }
        return forward;
    }

    /** By running mean and variance of the normalizations among {@code nodes}, its next value. */
    Map<String, Value> statistics(List<Node> nodes) {
        Map<String, Value> next = new LinkedHashMap<>();
        for (Node node : nodes) {
            BatchStatistics statistics = normalizations.get(node.name());
            if (statistics != null) {
                next.putAll(statistics.next());
            }
        }
        return next;
    }

    /** What is in training mode, in words for the log. */
    public String description() {
        return normalizations.size() + " batch normalizations and " + masks.size() + " dropouts in training mode";
    }
}
