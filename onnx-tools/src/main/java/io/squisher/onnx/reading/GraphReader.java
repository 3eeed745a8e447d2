package io.squisher.onnx.reading;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.Opset;
import io.squisher.onnx.reading.control.ControlFlow;
import io.squisher.onnx.reading.control.ModelFunctions;
import io.squisher.onnx.reading.fused.FusedAdapters;
import io.squisher.onnx.reading.opset.OpsetAdapters;
import io.squisher.onnx.reading.opset.OpsetRaiser;
import io.squisher.onnx.reading.pattern.Patterns;
import io.squisher.onnx.reading.stored.Float32;
import io.squisher.onnx.reading.stored.StoredTensors;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns a file into a {@link Graph}: nodes named and ordered, constants lifted out, everything at one opset. */
public final class GraphReader {
    private GraphReader() {}

    /**
     * Reads the graph of a model file.
     *
     * @throws SquisherException if its opset is not supported, or the graph is malformed
     */
    public static Graph read(OnnxFile file) {
        return read(file, ReadingFacts.NONE);
    }

    /**
     * Reads the graph of a model file of which more is known than it says.
     *
     * @throws SquisherException if its opset is not supported, or the graph is malformed
     */
    public static Graph read(OnnxFile file, ReadingFacts facts) {
        ModelProto model = file.model();
        GraphProto proto = model.getGraph();
        int opset = opset(file);
        Map<String, TensorProto> initializers = StoredTensors.initializers(file, proto);
        List<Node> named = new ArrayList<>();
        for (NodeProto node : proto.getNodeList()) {
            named.add(Node.of(node, named.size()));
        }
        List<ValueInfoProto> inputs = proto.getInputList().stream()
                .filter(input -> !initializers.containsKey(input.getName()))
                .map(Float32::of)
                .toList();
        List<Node> ordered = new TopologicalOrder(file.path(), initializers.keySet(), inputs).sort(named);
        List<ValueInfoProto> fed = inputs.stream()
                .filter(input -> !facts.constants().containsKey(input.getName()))
                .toList();
        OpsetRaiser raiser = new OpsetRaiser(
                opset,
                valueNames(proto),
                initializers,
                List.of(
                        new ModelFunctions(model.getFunctionsList()),
                        ControlFlow::find,
                        FusedAdapters::find,
                        OpsetAdapters::find));
        raiser.ask(facts.oracle(), fed);
        declare(proto, raiser);
        facts.constants().forEach(raiser::constant);
        ordered.forEach(raiser::add);
        List<ValueInfoProto> outputs =
                proto.getOutputList().stream().map(Float32::of).toList();
        return Patterns.fuse(new Graph(raiser.nodes(), initializers, raiser.constants(), fed, outputs));
    }

    private static int opset(OnnxFile file) {
        for (OperatorSetIdProto opset : file.model().getOpsetImportList()) {
            if (opset.getDomain().isEmpty() || opset.getDomain().equals("ai.onnx")) {
                if (opset.getVersion() < 1 || opset.getVersion() > Opset.NEWEST_READ) {
                    throw FormatException.unsupported(
                            file.path(),
                            "ONNX model",
                            "opset " + opset.getVersion() + ", this release reads 1 to " + Opset.NEWEST_READ
                                    + "; export with one of those");
                }
                return (int) opset.getVersion();
            }
        }
        // Files older than IR version 3 name no opset: it is 1.
        return 1;
    }

    /** Tells what the file says of its values. */
    private static void declare(GraphProto proto, OpsetRaiser raiser) {
        List<ValueInfoProto> infos = new ArrayList<>(proto.getInputList());
        infos.addAll(proto.getValueInfoList());
        infos.addAll(proto.getOutputList());
        infos.forEach(raiser::declare);
    }

    private static Set<String> valueNames(GraphProto proto) {
        Set<String> names = new HashSet<>();
        proto.getNodeList().forEach(node -> {
            names.addAll(node.getInputList());
            names.addAll(node.getOutputList());
        });
        proto.getInitializerList().forEach(initializer -> names.add(initializer.getName()));
        proto.getSparseInitializerList()
                .forEach(sparse -> names.add(sparse.getValues().getName()));
        proto.getInputList().forEach(input -> names.add(input.getName()));
        return names;
    }
}
