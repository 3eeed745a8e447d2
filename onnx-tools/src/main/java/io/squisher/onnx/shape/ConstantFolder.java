package io.squisher.onnx.shape;

import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;

/**
 * Computes integers and truth values of known ones: what exporters leave where a condition, a shape or a number of steps
 * was meant to be a constant. Never touches floating-point numbers, which may be parameters.
 */
public final class ConstantFolder {
    /** What decides anything is small; a table of indices is none of this business. */
    static final long LARGEST = 4096;

    private static final Map<String, LongBinaryOperator> ARITHMETIC = Map.of(
            "Add",
            Long::sum,
            "Sub",
            (a, b) -> a - b,
            "Mul",
            (a, b) -> a * b,
            "Div",
            (a, b) -> a / b,
            "Max",
            Math::max,
            "Min",
            Math::min,
            "Mod",
            Math::floorMod);

    private static final Map<String, LongBinaryOperator> CONDITIONS = Map.of(
            "And", (a, b) -> a & b,
            "Or", (a, b) -> a | b,
            "Equal", (a, b) -> a == b ? 1 : 0,
            "Greater", (a, b) -> a > b ? 1 : 0,
            "GreaterOrEqual", (a, b) -> a >= b ? 1 : 0,
            "Less", (a, b) -> a < b ? 1 : 0,
            "LessOrEqual", (a, b) -> a <= b ? 1 : 0);

    private ConstantFolder() {}

    /** The value of the node's output, if it is known. */
    public static Optional<TensorProto> fold(Node node, Function<String, Optional<Tensor>> stored) {
        if (!node.domain().isEmpty()
                || node.outputs().size() != 1
                || node.inputs().isEmpty()) {
            return Optional.empty();
        }
        List<Tensor> inputs = new ArrayList<>();
        for (String name : node.inputs()) {
            Optional<Tensor> value = stored.apply(name);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            inputs.add(value.get());
        }
        if (node.op().equals("Shape") && node.attributes().protos().isEmpty()) {
            long[] dims = inputs.get(0).shape().dims();
            return Optional.of(OnnxTensors.write("", Tensor.of(Shape.of(dims.length), dims)));
        }
        boolean small = inputs.stream().allMatch(x -> !x.type().isFloating() && x.size() <= LARGEST);
        return small ? integers(node, inputs).map(value -> OnnxTensors.write("", value)) : Optional.empty();
    }

    private static Optional<Tensor> integers(Node node, List<Tensor> inputs) {
        Tensor first = inputs.get(0);
        return switch (node.op()) {
            case "Identity" -> Optional.of(first);
            case "Not" ->
                Optional.of(tensor(
                        first.type(),
                        first.shape(),
                        Arrays.stream(first.toLongs()).map(v -> 1 - v).toArray()));
            case "Cast" -> cast(node, first);
            case "Concat" -> concatenated(inputs);
            case "Gather" -> gathered(first, inputs.get(1));
            case "Neg" ->
                Optional.of(tensor(
                        first.type(),
                        first.shape(),
                        Arrays.stream(first.toLongs()).map(v -> -v).toArray()));
            case "Squeeze", "Unsqueeze", "Reshape", "Expand", "Slice", "Transpose", "ConstantOfShape" ->
                FoldedShapes.of(node, inputs);
            default -> elementwise(node.op(), inputs);
        };
    }

    private static Optional<Tensor> cast(Node node, Tensor x) {
        return switch ((int) node.attributes().integer("to", 0)) {
            case DataType.INT64_VALUE, DataType.INT32_VALUE, DataType.BOOL_VALUE -> {
                ElementType to = OnnxElementTypes.fromOnnx(
                                (int) node.attributes().integer("to", 0))
                        .orElseThrow();
                long[] values = Arrays.stream(x.toLongs())
                        .map(v -> to == ElementType.BOOL ? (v != 0 ? 1 : 0) : v)
                        .toArray();
                yield Optional.of(tensor(to, x.shape(), values));
            }
            default -> Optional.empty();
        };
    }

    private static Optional<Tensor> concatenated(List<Tensor> parts) {
        if (parts.stream().anyMatch(part -> part.shape().rank() != 1)) {
            return Optional.empty();
        }
        long[] all = parts.stream()
                .flatMapToLong(part -> Arrays.stream(part.toLongs()))
                .toArray();
        return Optional.of(tensor(parts.get(0).type(), Shape.of(all.length), all));
    }

    private static Optional<Tensor> gathered(Tensor x, Tensor indices) {
        if (x.shape().rank() != 1) {
            return Optional.empty();
        }
        long[] values = x.toLongs();
        long[] picked = Arrays.stream(indices.toLongs())
                .map(i -> values[(int) (i < 0 ? i + values.length : i)])
                .toArray();
        return Optional.of(tensor(x.type(), indices.shape(), picked));
    }

    private static Optional<Tensor> elementwise(String op, List<Tensor> inputs) {
        LongBinaryOperator function = ARITHMETIC.getOrDefault(op, CONDITIONS.get(op));
        if (function == null || inputs.size() != 2) {
            return Optional.empty();
        }
        Tensor a = inputs.get(0);
        Tensor b = inputs.get(1);
        boolean broadcast = a.size() == 1 || b.size() == 1;
        if (!broadcast && !a.shape().equals(b.shape())) {
            return Optional.empty();
        }
        long[] left = a.toLongs();
        long[] right = b.toLongs();
        if ((op.equals("Div") || op.equals("Mod")) && Arrays.stream(right).anyMatch(v -> v == 0)) {
            return Optional.empty();
        }
        Shape shape = broadcast(
                a.size() >= b.size() ? a.shape() : b.shape(),
                Math.max(a.shape().rank(), b.shape().rank()));
        long[] result = new long[(int) shape.size()];
        Arrays.setAll(
                result, i -> function.applyAsLong(left[left.length == 1 ? 0 : i], right[right.length == 1 ? 0 : i]));
        return Optional.of(tensor(ARITHMETIC.containsKey(op) ? a.type() : ElementType.BOOL, shape, result));
    }

    /** The larger of two shapes, of which one has a single element, as part of {@code rank} axes. */
    private static Shape broadcast(Shape larger, int rank) {
        long[] dims = new long[rank];
        Arrays.fill(dims, 1);
        System.arraycopy(larger.dims(), 0, dims, rank - larger.rank(), larger.rank());
        return Shape.of(dims);
    }

    /** A tensor of integers or truth values. */
    static Tensor tensor(ElementType type, Shape shape, long[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * type.bytes()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            type.putLong(bytes, i * type.bytes(), values[i]);
        }
        return Tensor.of(type, shape, bytes);
    }
}
