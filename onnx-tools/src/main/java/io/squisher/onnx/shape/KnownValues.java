package io.squisher.onnx.shape;

import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.operators.Trait;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.proto.onnx.TensorShapeProto;
import io.squisher.proto.onnx.TypeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What is known of values before anything runs: numbers of axes and whether they are truth values, as far as the file
 * declares them and as they pass operators that tell.
 */
public final class KnownValues {
    private final Function<String, Optional<TensorProto>> stored;
    private final Map<String, Integer> ranks = new HashMap<>();
    private final Map<String, long[]> dims = new HashMap<>();
    private final Set<String> truths = new HashSet<>();

    public KnownValues(Function<String, Optional<TensorProto>> stored) {
        this.stored = stored;
    }

    public void declareRank(String name, int rank) {
        ranks.put(name, rank);
    }

    /** Takes over a declaration of the file. */
    public void declare(ValueInfoProto info) {
        TypeProto.Tensor type = info.getType().getTensorType();
        if (type.getElemType() == DataType.BOOL_VALUE) {
            truths.add(info.getName());
        }
        if (type.hasShape()) {
            TensorShapeProto shape = type.getShape();
            ranks.put(info.getName(), shape.getDimCount());
            dims.put(
                    info.getName(),
                    shape.getDimList().stream()
                            .mapToLong(dim -> dim.getDimValue() > 0 ? dim.getDimValue() : -1)
                            .toArray());
        }
    }

    public Optional<Integer> rank(String name) {
        return stored.apply(name).map(TensorProto::getDimsCount).or(() -> Optional.ofNullable(ranks.get(name)));
    }

    /** Dimensions that were declared or passed on, -1 where one is free; empty where nothing is known. */
    public long[] dims(String name) {
        return dims.getOrDefault(name, new long[0]);
    }

    public boolean isBoolean(String name) {
        return truths.contains(name)
                || stored.apply(name)
                        .filter(tensor -> tensor.getDataType() == DataType.BOOL_VALUE)
                        .isPresent();
    }

    /** Follows a node that was emitted. */
    public void add(Node node) {
        rankOf(node).ifPresent(rank -> node.outputs().forEach(output -> ranks.putIfAbsent(output, rank)));
        if (node.facts().has(Trait.SAME_SHAPE) && dims(node.input(0)).length > 0) {
            dims.putIfAbsent(node.output(0), dims(node.input(0)));
        }
        long[] given = dims(node.input(0));
        if (node.op().equals("Transpose") && given.length > 0) {
            dims.putIfAbsent(node.output(0), Axes.permuted(given, Axes.permutation(node.attributes(), given.length)));
        }
        boolean truth = node.facts().has(Trait.TRUTH)
                || node.op().equals("Cast") && node.attributes().integer("to", 0) == DataType.BOOL_VALUE
                || node.facts().has(Trait.MOVES) && isBoolean(node.input(0))
                || node.op().equals("Where") && isBoolean(node.input(1));
        if (truth) {
            truths.addAll(node.outputs());
        }
    }

    private Optional<Integer> rankOf(Node node) {
        Optional<Integer> first = rank(node.input(0));
        if (node.facts().has(Trait.SAME_RANK) && !node.op().equals("Transpose")) {
            return first;
        }
        if (node.facts().has(Trait.BROADCAST) || node.op().equals("MatMul")) {
            boolean all = node.inputs().stream().allMatch(name -> rank(name).isPresent());
            return all ? node.inputs().stream().map(name -> rank(name).get()).max(Integer::compare) : Optional.empty();
        }
        if (node.facts().has(Trait.REDUCTION)) {
            return node.attributes().integer("keepdims", 1) != 0
                    ? first
                    : first.flatMap(rank -> length(node.input(1)).map(gone -> rank - gone));
        }
        return switch (node.op()) {
            case "Flatten", "Gemm" -> Optional.of(2);
            case "Shape", "Range" -> Optional.of(1);
            case "Transpose" ->
                node.attributes().integers("perm").map(perm -> perm.length).or(() -> first);
            case "Reshape", "Expand" ->
                length(node.input(1))
                        .map(length -> node.op().equals("Reshape") ? length : Math.max(length, first.orElse(0)));
            case "Unsqueeze" -> first.flatMap(rank -> length(node.input(1)).map(added -> rank + added));
            case "Squeeze" -> first.flatMap(rank -> length(node.input(1)).map(gone -> rank - gone));
            case "Gather" -> first.flatMap(rank -> rank(node.input(1)).map(index -> rank - 1 + index));
            default -> Optional.empty();
        };
    }

    /** How many numbers a stored vector has. */
    private Optional<Integer> length(String name) {
        return stored.apply(name).map(tensor -> tensor.getDimsCount() == 0 ? 1 : (int) tensor.getDims(0));
    }
}
