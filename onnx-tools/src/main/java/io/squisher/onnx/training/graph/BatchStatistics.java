package io.squisher.onnx.training.graph;

import io.squisher.onnx.emit.Emitter;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.TensorProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A BatchNormalization in training mode, written out in operators that ONNX Runtime has without its training build:
 * {@code Z = (X − mean) / √(var + ε)} and {@code Y = γ Z + β} with mean and (population) variance over the batch and all
 * positions of a channel. The running ones become {@code momentum · running + (1 − momentum) · batch}, as the standard says.
 *
 * @param inTraining the node with its training mode set, for the derivative
 * @param nodes what computes its output
 * @param normalized Z, of X's shape
 * @param deviation {@code 1 / √(var + ε)}, {@code [1, C, 1, …]}
 * @param next by running mean and variance, its next value {@code [C]}
 */
record BatchStatistics(
        Node inTraining,
        List<Node> nodes,
        Value normalized,
        Value deviation,
        Map<String, Value> next,
        Map<String, TensorProto> constants) {
    static boolean isNormalization(Node node) {
        return node.domain().isEmpty() && node.op().equals("BatchNormalization");
    }

    /** The axes over which a channel's statistics go. */
    static int[] axes(int rank) {
        return IntStream.range(0, rank).filter(axis -> axis != 1).toArray();
    }

    /** The values of a node that the derivative needs. */
    static String normalized(Node node) {
        return node.name() + "/squisher/normalized";
    }

    static String deviation(Node node) {
        return node.name() + "/squisher/deviation";
    }

    static BatchStatistics of(Node node, GraphValues values) {
        Emitter emitter = new Emitter(values.shapes().keySet());
        emitter.scope(node.name() + "/squisher/batch");
        Ops ops = new Ops(emitter);
        Value x = values.value(node.input(0));
        int[] axes = axes(x.rank());
        TensorShape perChannel = perChannel(x.shape());
        Value mean = ops.reduce("ReduceMean", x, true, axes);
        Value centered = ops.sub(x, mean);
        Value variance = ops.reduce("ReduceMean", ops.square(centered), true, axes);
        Value shifted = ops.add(variance, ops.scalar(node.attributes().number("epsilon", 1e-5f)));
        Value reciprocal = ops.unary("Reciprocal", ops.unary("Sqrt", shifted));
        Value product = ops.mul(centered, reciprocal);
        Value scaled = ops.mul(product, ops.reshape(values.value(node.input(1)), perChannel));
        Value shift = ops.reshape(values.value(node.input(2)), perChannel);
        float momentum = node.attributes().number("momentum", 0.9f);
        Map<String, Value> next = new LinkedHashMap<>();
        for (Map.Entry<String, Value> batch :
                Map.of(node.input(3), mean, node.input(4), variance).entrySet()) {
            // One that is computed has no place to be kept.
            if (values.graph().initializers().containsKey(batch.getKey())) {
                Value before = values.value(batch.getKey());
                next.put(batch.getKey(), running(ops, before, batch.getValue(), momentum));
            }
        }

        List<Node> nodes = new ArrayList<>(emitter.nodes());
        nodes.add(copy(reciprocal, deviation(node)));
        nodes.add(copy(product, normalized(node)));
        nodes.add(new Node(
                node.name(),
                "Add",
                "",
                List.of(scaled.name(), shift.name()),
                List.of(node.output(0)),
                Attributes.NONE));
        Node training = new Node(
                node.name(),
                node.op(),
                "",
                node.inputs(),
                List.of(node.output(0)),
                node.attributes().with("training_mode", 1L));
        return new BatchStatistics(
                training,
                nodes,
                new Value(normalized(node), x.shape()),
                new Value(deviation(node), reciprocal.shape()),
                next,
                emitter.constants());
    }

    private static Node copy(Value value, String name) {
        return new Node(name, "Identity", "", List.of(value.name()), List.of(name), Attributes.NONE);
    }

    private static Value running(Ops ops, Value before, Value batch, float momentum) {
        Value flat = ops.reshape(batch, before.shape());
        return ops.add(ops.scale(before, momentum), ops.scale(flat, 1 - momentum));
    }

    /** {@code [C, 1, …]}: what broadcasts over {@code [N, C, positions…]}. */
    static TensorShape perChannel(TensorShape x) {
        List<Dim> dims = new ArrayList<>();
        dims.add(x.dim(1));
        for (int axis = 2; axis < x.rank(); axis++) {
            dims.add(Dim.of(1));
        }
        return new TensorShape(dims);
    }
}
