package io.squisher.format.onnx;

import io.squisher.SquisherException;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model in which linear layers are two products: x W becomes (x A) B. The second product keeps the name, the output and the
 * attributes of the one that was there, and with {@code Gemm} its bias; before it stands a {@code MatMul} without one.
 */
public final class FactorizedWeights {
    private final OnnxFile source;
    private final Map<String, FactorizedWeight> weights = new LinkedHashMap<>();
    private final Map<String, Tensor> values = new LinkedHashMap<>();
    private final Map<String, String> written = new LinkedHashMap<>();
    private final Set<String> taken = new HashSet<>();

    /**
     * A model with other products.
     *
     * @param weights of matrices that {@link LinearWeights} finds in {@code source}
     * @throws SquisherException if a name is none of theirs
     */
    public FactorizedWeights(OnnxFile source, List<FactorizedWeight> weights) {
        this.source = source;
        Set<String> linear = new HashSet<>();
        LinearWeights.of(source).layers().forEach(layer -> linear.add(layer.name()));
        for (FactorizedWeight weight : weights) {
            if (!linear.contains(weight.name())) {
                throw new SquisherException("'" + source.path() + "' has no linear layer with the matrix '"
                        + weight.name() + "' that nothing else reads");
            }
            this.weights.put(weight.name(), weight);
        }
        GraphProto graph = source.model().getGraph();
        graph.getInitializerList().forEach(initializer -> taken.add(initializer.getName()));
        graph.getInputList().forEach(input -> taken.add(input.getName()));
        graph.getNodeList().forEach(node -> {
            taken.addAll(node.getOutputList());
            taken.add(node.getName());
        });
    }

    /**
     * Writes the model.
     *
     * @param metadata added to the model's, where an equal key is replaced
     */
    public void write(Path target, Map<String, String> metadata) {
        ModelProto.Builder model = source.model().toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        List<NodeProto> nodes = new ArrayList<>();
        for (NodeProto node : graph.getNodeList()) {
            nodes.addAll(products(node));
        }
        graph.clearNode().addAllNode(nodes);
        List<TensorProto> initializers = new ArrayList<>();
        for (TensorProto initializer : graph.getInitializerList()) {
            if (!weights.containsKey(initializer.getName())) {
                initializers.add(initializer);
            }
        }
        values.forEach((name, tensor) ->
                initializers.add(OnnxTensors.header(name, TensorSpec.of(tensor)).build()));
        graph.clearInitializer().addAllInitializer(initializers);
        removeInputs(graph);
        OnnxWriter.write(target, new OnnxFile(source.path(), model.build()), values, metadata);
    }

    /** Old files list initializers among the inputs too. */
    private void removeInputs(GraphProto.Builder graph) {
        for (int i = graph.getInputCount() - 1; i >= 0; i--) {
            if (weights.containsKey(graph.getInput(i).getName())) {
                graph.removeInput(i);
            }
        }
    }

    private List<NodeProto> products(NodeProto node) {
        for (int i = 0; i < node.getInputCount(); i++) {
            FactorizedWeight weight = weights.get(node.getInput(i));
            if (weight != null) {
                return i == 1 ? fromTheRight(node, weight) : fromTheLeft(node, weight);
            }
        }
        return List.of(node);
    }

    private List<NodeProto> fromTheRight(NodeProto node, FactorizedWeight weight) {
        boolean transposed = LinearWeights.inputAxis(node, 1).orElseThrow() == 1;
        NodeProto inner = inner(node, weight)
                .addInput(node.getInput(0))
                .addInput(initializer(weight.name() + "_first", weight.first(), false))
                .build();
        NodeProto outer = node.toBuilder()
                .setInput(0, inner.getOutput(0))
                .setInput(1, initializer(weight.name() + "_second", weight.second(), transposed))
                .build();
        return List.of(inner, outer);
    }

    private List<NodeProto> fromTheLeft(NodeProto node, FactorizedWeight weight) {
        NodeProto inner = inner(node, weight)
                .addInput(initializer(weight.name() + "_first", weight.first(), true))
                .addInput(node.getInput(1))
                .build();
        NodeProto outer = node.toBuilder()
                .setInput(0, initializer(weight.name() + "_second", weight.second(), true))
                .setInput(1, inner.getOutput(0))
                .build();
        return List.of(inner, outer);
    }

    private NodeProto.Builder inner(NodeProto node, FactorizedWeight weight) {
        return NodeProto.newBuilder()
                .setOpType("MatMul")
                .setName(free((node.getName().isEmpty() ? weight.name() : node.getName()) + "_first_product"))
                .addOutput(free(weight.name() + "_inner"));
    }

    /** One for all products that read it the same way. */
    private String initializer(String wanted, Tensor factor, boolean transposed) {
        return written.computeIfAbsent(wanted + (transposed ? " transposed" : ""), key -> {
            String name = free(wanted);
            values.put(name, transposed ? transposed(factor) : factor);
            return name;
        });
    }

    private static Tensor transposed(Tensor matrix) {
        int rows = Math.toIntExact(matrix.shape().dim(0));
        int columns = Math.toIntExact(matrix.shape().dim(1));
        double[] from = matrix.toDoubles();
        int width = matrix.type().bytes();
        ByteBuffer to =
                ByteBuffer.allocate(Math.multiplyExact(from.length, width)).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                matrix.type().putDouble(to, (column * rows + row) * width, from[row * columns + column]);
            }
        }
        return Tensor.of(matrix.type(), Shape.of(columns, rows), to);
    }

    private String free(String wanted) {
        String name = wanted;
        for (int i = 2; !taken.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }
}
