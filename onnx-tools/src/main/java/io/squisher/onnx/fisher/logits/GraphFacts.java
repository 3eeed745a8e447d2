package io.squisher.onnx.fisher.logits;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/** What patterns ask of a graph whose shapes are known. */
final class GraphFacts {
    private static final double FLOAT32 = 1e-6;

    /** How far back two computations are compared. */
    private static final int COMPARED_NODES = 8;

    private final GraphValues values;
    private final Map<String, Node> producers;

    GraphFacts(GraphValues values) {
        this.values = values;
        this.producers = values.graph().producers();
    }

    /** The node of the standard that makes a value. */
    Optional<Node> producer(String value) {
        return Optional.ofNullable(producers.get(value))
                .filter(node -> node.domain().isEmpty());
    }

    /** The same, if it is of this operator. */
    Optional<Node> producer(String value, String op) {
        return producer(value).filter(node -> node.op().equals(op));
    }

    /** The shape of a value; those of tensors that were stored since the shapes were measured are their own. */
    TensorShape shape(String value) {
        return values.find(value)
                .map(Value::shape)
                .orElseGet(() -> TensorShape.fixed(values.graph()
                        .stored(value)
                        .map(proto -> proto.getDimsList().stream()
                                .mapToLong(Long::longValue)
                                .toArray())
                        .orElseThrow()));
    }

    boolean isFloating(String value) {
        return values.isFloating(value);
    }

    /** The numbers of a stored tensor. */
    Optional<Tensor> stored(String value) {
        return values.graph().stored(value).filter(OnnxTensors::isReadable).map(OnnxTensors::read);
    }

    /** The number, where the value is stored and has one element. */
    OptionalDouble scalar(String value) {
        return stored(value)
                .filter(tensor -> tensor.size() == 1)
                .map(tensor -> OptionalDouble.of(tensor.toDoubles()[0]))
                .orElse(OptionalDouble.empty());
    }

    /** Whether the value is this number, to float32's precision. */
    boolean isScalar(String value, double expected) {
        OptionalDouble found = scalar(value);
        return found.isPresent() && Math.abs(found.getAsDouble() - expected) <= FLOAT32 * Math.abs(expected);
    }

    /** The position of the operand that is not the scalar {@code expected}; empty where neither is. */
    OptionalInt besideScalar(Node node, double expected) {
        for (int i = 0; i < 2; i++) {
            if (isScalar(node.input(1 - i), expected)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** The value whose negative this is: of Neg, or of a product with −1. */
    Optional<String> negated(String value) {
        Optional<Node> node = producer(value);
        if (node.isPresent() && node.get().op().equals("Neg")) {
            return Optional.of(node.get().input(0));
        }
        if (node.isPresent() && node.get().op().equals("Mul")) {
            OptionalInt at = besideScalar(node.get(), -1);
            return at.isPresent() ? Optional.of(node.get().input(at.getAsInt())) : Optional.empty();
        }
        return Optional.empty();
    }

    /** The value p where this is {@code 1 − p}. */
    Optional<String> complemented(String value) {
        Optional<Node> difference = producer(value, "Sub").filter(node -> isScalar(node.input(0), 1));
        if (difference.isPresent()) {
            return Optional.of(difference.get().input(1));
        }
        Optional<Node> sum = producer(value, "Add");
        OptionalInt at = sum.isPresent() ? besideScalar(sum.get(), 1) : OptionalInt.empty();
        return at.isPresent() ? negated(sum.get().input(at.getAsInt())) : Optional.empty();
    }

    /** The one axis over which {@code value} reduces {@code of}, in shapes that broadcast against each other. */
    OptionalInt reducedAxis(String value, String op, String of) {
        Optional<Node> node = producer(value);
        if (node.isPresent() && node.get().op().equals("Unsqueeze")) {
            Optional<Node> inner = producer(node.get().input(0), op).filter(reduce -> keepsAxes(reduce) == 0);
            OptionalInt reduced = inner.isPresent() ? axis(inner.get(), of) : OptionalInt.empty();
            OptionalInt put = singleAxis(node.get().input(1), shape(value).rank());
            return reduced.equals(put) ? reduced : OptionalInt.empty();
        }
        return node.isPresent() && node.get().op().equals(op) && keepsAxes(node.get()) == 1
                ? axis(node.get(), of)
                : OptionalInt.empty();
    }

    private OptionalInt axis(Node reduce, String of) {
        return isSame(reduce.input(0), of)
                ? singleAxis(reduce.input(1), shape(of).rank())
                : OptionalInt.empty();
    }

    private static long keepsAxes(Node reduce) {
        return reduce.attributes().integer("keepdims", 1);
    }

    private OptionalInt singleAxis(String axes, int rank) {
        Optional<Tensor> stored = stored(axes).filter(tensor -> tensor.size() == 1);
        if (stored.isEmpty()) {
            return rank == 1 && axes.isEmpty() ? OptionalInt.of(0) : OptionalInt.empty();
        }
        int axis = (int) stored.get().toLongs()[0];
        return OptionalInt.of(Axes.fromFirst(axis, rank));
    }

    /** Whether two values are computed in the same way from the same values, a few nodes back. */
    boolean isSame(String a, String b) {
        return isSame(a, b, COMPARED_NODES);
    }

    private boolean isSame(String a, String b, int depth) {
        if (a.equals(b)) {
            return true;
        }
        Optional<Node> left = producer(a);
        Optional<Node> right = producer(b);
        if (left.isEmpty() || right.isEmpty()) {
            return sameNumbers(a, b);
        }
        boolean sameOutput =
                left.get().outputs().indexOf(a) == right.get().outputs().indexOf(b);
        return depth > 0
                && sameOutput
                && sameOperation(left.get(), right.get())
                && sameInputs(left.get(), right.get(), depth - 1);
    }

    /** Whether two nodes do the same, whatever goes in. */
    static boolean sameOperation(Node left, Node right) {
        return left.op().equals(right.op())
                && left.inputs().size() == right.inputs().size()
                && Set.copyOf(left.attributes().protos())
                        .equals(Set.copyOf(right.attributes().protos()));
    }

    private boolean sameInputs(Node left, Node right, int depth) {
        for (int i = 0; i < left.inputs().size(); i++) {
            if (!isSame(left.input(i), right.input(i), depth)) {
                return false;
            }
        }
        return !left.op().startsWith("Random");
    }

    private boolean sameNumbers(String a, String b) {
        Optional<Tensor> left = stored(a);
        Optional<Tensor> right = stored(b);
        return left.isPresent()
                && right.isPresent()
                && left.get().shape().equals(right.get().shape())
                && left.get().size() < 1000
                && Arrays.equals(left.get().toDoubles(), right.get().toDoubles());
    }
}
