package io.squisher.onnx.reading.control;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.opset.OpsetRaiser;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * PyTorch's EmbeddingBag of a matrix of indices: its exporter writes a Loop over the rows, which are cut out of all indices one
 * behind the other. All rows at once are a Gather and a reduction, with an axis for the examples.
 */
final class EmbeddingBags {
    private static final Set<String> REDUCTIONS = Set.of("ReduceMean", "ReduceSum", "ReduceMax");

    private final Node loop;
    private final OpsetRaiser raiser;
    private final GraphProto body;
    private final Map<String, NodeProto> makers = new HashMap<>();

    private EmbeddingBags(Node loop, GraphProto body, OpsetRaiser raiser) {
        this.loop = loop;
        this.raiser = raiser;
        this.body = body;
        for (NodeProto node : body.getNodeList()) {
            node.getOutputList().forEach(output -> makers.put(output, node));
        }
    }

    /** Writes such a Loop; returns false for any other. */
    static boolean write(Node loop, OpsetRaiser raiser) {
        Optional<GraphProto> body = loop.attributes().graph("body");
        boolean alike = body.isPresent()
                && body.get().getInputCount() == 2
                && body.get().getOutputCount() == 2
                && !loop.output(0).isEmpty();
        return alike && new EmbeddingBags(loop, body.get(), raiser).write();
    }

    private boolean write() {
        Optional<NodeProto> reduction = maker(body.getOutput(1).getName(), REDUCTIONS);
        Optional<NodeProto> weighted = reduction.flatMap(node -> maker(node.getInput(0), Set.of("Mul")));
        Optional<NodeProto> picked =
                weighted.or(() -> reduction).flatMap(node -> maker(node.getInput(0), Set.of("Gather")));
        if (picked.isEmpty() || makers.containsKey(picked.get().getInput(0))) {
            return false;
        }
        Optional<String> indices = matrix(picked.get().getInput(1));
        Optional<String> slice = weighted.flatMap(node -> maker(node.getInput(1), Set.of("Unsqueeze")))
                .map(node -> node.getInput(0));
        Optional<String> weights =
                slice.flatMap(this::matrix).filter(matrix -> raiser.rank(matrix).equals(Optional.of(2)));
        boolean rowByRow = indices.isPresent()
                && isRow(picked.get().getInput(1), indices.get())
                && (weights.isEmpty() || isRow(slice.get(), indices.get()));
        if (!rowByRow || weighted.isPresent() && weights.isEmpty() || !reducesFirst(reduction.get())) {
            return false;
        }
        String rows = raiser.emit(
                loop, "Gather", List.of(picked.get().getInput(0), indices.get()), Attributes.NONE.with("axis", 0L));
        if (weights.isPresent()) {
            String columns = raiser.emit(loop, "Unsqueeze", List.of(weights.get(), axis(-1)), Attributes.NONE);
            rows = raiser.emit(loop, "Mul", List.of(rows, columns), Attributes.NONE);
        }
        raiser.emit(new Node(
                loop.name(),
                reduction.get().getOpType(),
                "",
                List.of(rows, axis(1)),
                List.of(loop.output(0)),
                Attributes.NONE.with("keepdims", 0L)));
        return true;
    }

    private String axis(long axis) {
        return raiser.constant(loop, "axis", Tensor.of(Shape.of(1), axis));
    }

    private Optional<NodeProto> maker(String value, Set<String> operators) {
        return Optional.ofNullable(makers.get(value)).filter(node -> operators.contains(node.getOpType()));
    }

    /** The axes are an attribute or, since opset 13 or 18, an input. */
    private boolean reducesFirst(NodeProto reduction) {
        Node node = Node.of(reduction, 0);
        long[] axes = node.attributes()
                .integers("axes")
                .or(() -> stored(node.input(1)).map(Tensor::toLongs))
                .orElse(new long[0]);
        return axes.length == 1 && axes[0] == 0 && node.attributes().integer("keepdims", 1) == 0;
    }

    private Optional<Tensor> stored(String name) {
        return raiser.stored(name).or(() -> maker(name, Set.of("Constant"))
                .flatMap(node -> Node.of(node, 0).attributes().tensor("value"))
                .or(() -> body.getInitializerList().stream()
                        .filter(tensor -> tensor.getName().equals(name))
                        .findFirst())
                .map(OnnxTensors::read));
    }

    /** The matrix of whose elements, one behind the other, {@code value} is a part. */
    private Optional<String> matrix(String value) {
        return maker(value, Set.of("Slice"))
                .flatMap(node -> outer(node.getInput(0), "Reshape"))
                .filter(node -> stored(node.input(1))
                        .filter(shape -> shape.size() == 1 && shape.toLongs()[0] == -1)
                        .isPresent())
                .map(node -> node.input(0));
    }

    /** Whether a Slice takes, at each step, as many elements as the next row of a matrix has. */
    private boolean isRow(String value, String matrix) {
        NodeProto slice = makers.get(value);
        return slice.getInputCount() >= 3
                && picked(slice.getInput(1))
                        .filter(starts -> isEveryRow(starts, 0, matrix))
                        .isPresent()
                && picked(slice.getInput(2))
                        .filter(ends -> isEveryRow(ends, 1, matrix))
                        .isPresent();
    }

    /** The vector of which the step's element is taken. */
    private Optional<String> picked(String value) {
        return maker(value, Set.of("Unsqueeze"))
                .flatMap(node -> maker(node.getInput(0), Set.of("Gather")))
                .filter(node -> node.getInput(1).equals(body.getInput(0).getName()))
                .map(node -> node.getInput(0));
    }

    private Optional<Node> outer(String value, String operator) {
        return raiser.producer(value).filter(node -> node.op().equals(operator));
    }

    /** Whether a vector has the numbers 0, k, 2k, … without the first {@code skipped}, for rows of k elements. */
    private boolean isEveryRow(String vector, int skipped, String matrix) {
        int left = skipped;
        String value = vector;
        Optional<Node> cut = outer(value, "Slice");
        while (cut.isPresent()) {
            Optional<Tensor> start = stored(cut.get().input(1));
            Optional<Tensor> end = stored(cut.get().input(2));
            if (start.isEmpty() || end.isEmpty() || end.get().toLongs()[0] < Integer.MAX_VALUE) {
                return false;
            }
            left -= (int) start.get().toLongs()[0];
            value = cut.get().input(0);
            cut = outer(value, "Slice");
        }
        String numbers = outer(value, "Concat").map(node -> node.input(0)).orElse(value);
        Optional<Node> range = outer(numbers, "Range");
        return left == 0
                && range.filter(node -> stored(node.input(0))
                                .filter(start -> start.toLongs()[0] == 0)
                                .isPresent())
                        .filter(node -> isLength(node.input(2), matrix))
                        .isPresent();
    }

    /** Whether a value is the number of columns of the matrix. */
    private boolean isLength(String value, String matrix) {
        String size = outer(value, "Cast").map(node -> node.input(0)).orElse(value);
        return outer(size, "Gather")
                .filter(node -> stored(node.input(1))
                        .filter(index -> index.size() == 1 && index.toLongs()[0] == 1)
                        .isPresent())
                .flatMap(node -> outer(node.input(0), "Shape"))
                .filter(node -> node.input(0).equals(matrix))
                .isPresent();
    }
}
