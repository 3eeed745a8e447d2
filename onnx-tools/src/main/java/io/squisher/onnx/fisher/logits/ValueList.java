package io.squisher.onnx.fisher.logits;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.GraphReader;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.shape.FloatingValues;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The values of a model's graph that can be taken as its output, in the order in which they are computed. */
public final class ValueList {
    private static final Set<String> LINEAR = Set.of("Gemm", "MatMul", "Conv", "ConvTranspose", "Einsum", "Add");
    private static final Set<String> ACTIVATIONS = Set.of("Softmax", "LogSoftmax", "Sigmoid", "HardSigmoid");

    private final Graph graph;
    private final Set<String> returned = new LinkedHashSet<>();
    private final Set<String> beforeWeights = new HashSet<>();
    private final Set<String> activated = new HashSet<>();

    private ValueList(Graph graph) {
        this.graph = graph;
    }

    /**
     * Lists the floating-point values that nodes of a file's graph make; those inside branches and loops are not among them.
     *
     * @throws SquisherException if the graph cannot be read
     */
    public static List<ListedValue> of(OnnxFile model) {
        GraphProto proto = model.model().getGraph();
        Set<String> made = new LinkedHashSet<>();
        proto.getNodeList().forEach(node -> made.addAll(node.getOutputList()));
        made.remove("");
        GraphProto.Builder all = proto.toBuilder().clearOutput();
        made.forEach(name -> all.addOutput(ValueInfoProto.newBuilder().setName(name)));
        ValueList list = new ValueList(GraphReader.read(new OnnxFile(
                model.path(), model.model().toBuilder().setGraph(all).build())));
        proto.getOutputList().forEach(output -> list.returned.add(output.getName()));
        return list.values(made);
    }

    private List<ListedValue> values(Set<String> names) {
        Map<String, Node> producers = graph.producers();
        Set<String> floating = FloatingValues.of(graph);
        Map<String, String> types =
                types(names.stream().filter(producers::containsKey).toList());
        lookBehind();
        List<ListedValue> values = new ArrayList<>();
        for (String name : names) {
            Node node = producers.get(name);
            if (node != null && floating.contains(name)) {
                boolean last = !beforeWeights.contains(name);
                String type = types.getOrDefault(name, "");
                values.add(new ListedValue(
                        name,
                        node.op(),
                        type.substring(Math.max(0, type.indexOf('['))),
                        returned.contains(name),
                        last && (activated.contains(name) || isLinear(node))));
            }
        }
        return values;
    }

    /** Without data, ONNX Runtime tells what follows from the declared shapes; a graph that it refuses is listed anyway. */
    private Map<String, String> types(List<String> names) {
        ModelBuilder model = new ModelBuilder()
                .nodes(graph.nodes())
                .initializers(graph.initializers())
                .initializers(graph.constants())
                .inputs(graph.inputs())
                .outputs(names);
        try (InferenceSession session = InferenceSession.createUnoptimised(model.build(), RuntimeSettings.CPU)) {
            return session.outputTypes();
        } catch (SquisherException e) {
            return Map.of();
        }
    }

    /** Finds what comes before a layer with weights, and what goes into an activation. */
    private void lookBehind() {
        List<Node> nodes = graph.nodes();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            boolean weighted = node.inputs().stream().anyMatch(this::isWeight);
            if (weighted || node.outputs().stream().anyMatch(beforeWeights::contains)) {
                beforeWeights.addAll(node.inputs());
            }
            if (ACTIVATIONS.contains(node.op())) {
                activated.add(node.input(0));
            }
        }
    }

    private boolean isLinear(Node node) {
        return LINEAR.contains(node.op()) && node.inputs().stream().anyMatch(this::isWeight);
    }

    private boolean isWeight(String name) {
        TensorProto stored = graph.initializers().get(name);
        return stored != null
                && stored.getDataType() == TensorProto.DataType.FLOAT_VALUE
                && stored.getDimsList().stream().anyMatch(dim -> dim > 1);
    }
}
