package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.reading.GraphReader;
import io.squisher.onnx.reading.ReadingFacts;
import io.squisher.onnx.reading.stored.Float32;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a model with what its data tells: values that all examples share, and sizes. */
final class BoundReader {
    private final OnnxFile model;
    private final String output;
    private final Map<String, TensorProto> constants;
    private final FedInputs fed;
    private boolean decided;
    private boolean counted;

    BoundReader(OnnxFile model, Examples examples, String output) {
        this.model = model;
        this.output = output;
        GraphProto graph = model.model().getGraph();
        this.constants = SharedInputs.constants(graph, examples);
        this.fed = FedInputs.of(inputs(graph), graph.getOutputList(), examples);
    }

    /** Inputs that are fed with examples. */
    private List<ValueInfoProto> inputs(GraphProto graph) {
        Set<String> stored = new HashSet<>(constants.keySet());
        graph.getInitializerList().forEach(tensor -> stored.add(tensor.getName()));
        return graph.getInputList().stream()
                .filter(input -> !stored.contains(input.getName()))
                .map(Float32::of)
                .toList();
    }

    FedInputs fed() {
        return fed;
    }

    /** Whether sizes of the data decided a branch or a loop, which might be other ones for a single example. */
    boolean decidedByShapes() {
        return decided;
    }

    /** Whether a branch or a loop depends on the number of examples. */
    boolean decidedByCount() {
        return counted;
    }

    /**
     * The graph as far as the output needs it.
     *
     * @param single whether it is to take one example, instead of batches
     */
    Graph read(boolean single) {
        List<ValueInfoProto> there = fed.inputs().stream()
                .filter(input -> fed.examples().arrays().containsKey(input.getName()))
                .toList();
        RunShapes shapes = new RunShapes(fed.only(there), single);
        Graph all;
        try {
            all = GraphReader.read(model, new ReadingFacts(constants, shapes));
        } catch (SquisherException e) {
            // Arrays of wrong sizes decide nothing, and are what the user has to know of.
            ModelInputs.check(fed.only(there));
            throw e;
        } finally {
            decided |= shapes.wasAsked();
            counted |= shapes.dependsOnCount();
        }
        Graph graph = all.reaching(Set.of(output)).withReadInputs();
        RandomOperators.check(graph, output);
        return graph;
    }
}
