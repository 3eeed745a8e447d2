package io.squisher.onnx.fisher;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.internal.protobuf.ByteString;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.SamplingError;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Initializers that hold the values of another one, as they are or transposed: what exporters make of a weight that a model
 * uses twice, such as a language model's embedding that is its head as well. In training it was one parameter, whose
 * gradient is the sum over both uses.
 *
 * @param copies by the later initializer's name, which one it repeats
 */
record TiedWeights(Map<String, Copy> copies) {
    /**
     * @param original the initializer that is repeated
     * @param transposed whether rows are columns
     */
    record Copy(String original, boolean transposed) {}

    /** What stays at its place when a matrix is transposed: looked at before all values are compared. */
    private record Corners(int elements, ByteString values) {}

    /** Finds the repeated matrices of a graph; those with one value throughout prove nothing. */
    static TiedWeights of(Graph graph) {
        Map<String, Copy> copies = new LinkedHashMap<>();
        Map<Corners, List<String>> originals = new HashMap<>();
        graph.initializers().forEach((name, proto) -> {
            ByteString raw = proto.getRawData();
            if (proto.getDataType() != DataType.FLOAT_VALUE || proto.getDimsCount() < 2 || raw.size() < 8) {
                return;
            }
            Corners corners = new Corners(raw.size(), raw.substring(0, 4).concat(raw.substring(raw.size() - 4)));
            List<String> earlier = originals.computeIfAbsent(corners, missing -> new ArrayList<>());
            Optional<Copy> copy = earlier.stream()
                    .flatMap(original -> copy(graph, original, proto).stream())
                    .findFirst();
            copy.ifPresentOrElse(found -> copies.put(name, found), () -> earlier.add(name));
        });
        return new TiedWeights(copies);
    }

    private static Optional<Copy> copy(Graph graph, String original, TensorProto candidate) {
        TensorProto first = graph.initializers().get(original);
        List<Long> dims = first.getDimsList();
        float[] a = OnnxTensors.read(first).toFloats();
        float[] b = OnnxTensors.read(candidate).toFloats();
        boolean constant = true;
        for (int i = 1; i < a.length && constant; i++) {
            constant = a[i] == a[0];
        }
        if (constant) {
            return Optional.empty();
        }
        if (dims.equals(candidate.getDimsList()) && java.util.Arrays.equals(a, b)) {
            return Optional.of(new Copy(original, false));
        }
        boolean turned = dims.size() == 2 && List.of(dims.get(1), dims.get(0)).equals(candidate.getDimsList());
        return turned && isTransposed(a, b, dims.get(1).intValue())
                ? Optional.of(new Copy(original, true))
                : Optional.empty();
    }

    private static boolean isTransposed(float[] a, float[] b, int columns) {
        int rows = a.length / columns;
        for (int i = 0; i < a.length; i++) {
            if (a[i] != b[i % columns * rows + i / columns]) {
                return false;
            }
        }
        return true;
    }

    /** The graph in which every copy is computed from its original. */
    Graph join(Graph graph) {
        Map<String, TensorProto> initializers = new LinkedHashMap<>(graph.initializers());
        initializers.keySet().removeAll(copies.keySet());
        List<Node> nodes = new ArrayList<>();
        copies.forEach((name, copy) -> nodes.add(new Node(
                name,
                copy.transposed ? "Transpose" : "Identity",
                "",
                List.of(copy.original),
                List.of(name),
                copy.transposed ? Attributes.NONE.with("perm", new long[] {1, 0}) : Attributes.NONE)));
        nodes.addAll(graph.nodes());
        return new Graph(nodes, initializers, graph.constants(), graph.inputs(), graph.outputs());
    }

    /** The copies of some tensors. */
    TiedWeights of(Set<String> originals) {
        Map<String, Copy> some = new LinkedHashMap<>(copies);
        some.values().removeIf(copy -> !originals.contains(copy.original));
        return new TiedWeights(some);
    }

    /** Adds to every original's values those of its copies, which are the same. */
    Map<String, Tensor> spread(Map<String, Tensor> tensors) {
        Map<String, Tensor> all = new LinkedHashMap<>(tensors);
        copies.forEach((name, copy) -> {
            Tensor original = tensors.get(copy.original);
            if (original != null) {
                all.put(name, copy.transposed ? transposed(original) : original);
            }
        });
        return all;
    }

    /** As the values: a copy has the error of its original. */
    SamplingError spread(SamplingError errors) {
        SamplingError.Builder all = errors.toBuilder();
        copies.forEach((name, copy) -> {
            if (errors.containsRelative(copy.original)) {
                all.putRelative(name, errors.getRelativeOrThrow(copy.original));
            }
        });
        return all.build();
    }

    private static Tensor transposed(Tensor matrix) {
        int rows = (int) matrix.shape().dim(0);
        int columns = (int) matrix.shape().dim(1);
        double[] values = matrix.toDoubles();
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * matrix.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            int turned = i % columns * rows + i / columns;
            matrix.type().putDouble(bytes, turned * matrix.type().bytes(), values[i]);
        }
        return Tensor.of(matrix.type(), Shape.of(columns, rows), bytes);
    }

    /** What the user should know where the copies are not joined; empty where there are none. */
    Optional<String> remark() {
        return copies.entrySet().stream()
                .findFirst()
                .map(tie -> "'" + tie.getValue().original() + "' and '" + tie.getKey() + "' hold the same values"
                        + (tie.getValue().transposed() ? ", transposed" : "")
                        + (copies.size() > 1 ? " (and " + (copies.size() - 1) + " more such pairs)" : "")
                        + "; if they are one weight, stored twice by the exporter, --tied gives the Fisher of both uses"
                        + " together instead of each one's");
    }
}
