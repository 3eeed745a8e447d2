package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.Suggestions;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The value of a graph that is looked at: one of its outputs, or any other that a node makes. Many models end in something
 * without a gradient, a drawn action, an accuracy, a picture of bytes, and hold what is needed somewhere before it.
 */
final class ChosenOutput {
    private static final String LISTS = "; 'squisher inspect --graph MODEL' lists all values";

    private ChosenOutput() {}

    /**
     * The name of the value.
     *
     * @throws SquisherException if there is none of this name, or none was named and there are several outputs
     */
    static String of(OnnxFile model, Optional<String> output) {
        List<String> outputs = outputs(model.model().getGraph());
        if (output.isEmpty() && outputs.size() != 1) {
            throw new SquisherException(
                    "'" + model.path() + "' has the outputs " + outputs + "; choose one with --output");
        }
        String name = output.orElseGet(() -> outputs.get(0));
        Set<String> made = made(model.model().getGraph());
        if (!made.contains(name) && !outputs.contains(name)) {
            throw new SquisherException("'" + model.path() + "' has no value '" + name + "' that a node makes"
                    + Suggestions.didYouMean(name, made) + "; its outputs are " + outputs + LISTS);
        }
        return name;
    }

    /** The model with the value as its only output, so that no composition around it is taken together. */
    static OnnxFile cut(OnnxFile model, String output) {
        GraphProto graph = model.model().getGraph();
        if (outputs(graph).contains(output)) {
            return model;
        }
        ValueInfoProto declared = graph.getValueInfoList().stream()
                .filter(info -> info.getName().equals(output))
                .findFirst()
                .orElseGet(() -> ValueInfoProto.newBuilder().setName(output).build());
        return new OnnxFile(
                model.path(),
                model.model().toBuilder()
                        .setGraph(graph.toBuilder().clearOutput().addOutput(declared))
                        .build());
    }

    private static List<String> outputs(GraphProto graph) {
        return graph.getOutputList().stream().map(ValueInfoProto::getName).toList();
    }

    private static Set<String> made(GraphProto graph) {
        Set<String> made = new LinkedHashSet<>();
        graph.getNodeList().forEach(node -> made.addAll(node.getOutputList()));
        made.remove("");
        return made;
    }
}
