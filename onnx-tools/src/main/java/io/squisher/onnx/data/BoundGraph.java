package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.reading.FixedBatch;
import io.squisher.onnx.reading.GraphReader;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A model and the examples that it is to run on, checked against each other.
 *
 * @param file where the model was read
 * @param output the output that is looked at
 * @param fixedBatch the number of examples that the file fixes and {@code graph} does not
 * @param exported the graph as the file has it, with a batch that it fixes
 */
public record BoundGraph(
        Path file, Graph graph, Examples examples, String output, OptionalLong fixedBatch, Graph exported) {
    /**
     * Reads the model's graph and checks that each input has an array of its shape. Inputs that all examples share become
     * constants of the graph; a batch axis that the file fixes is freed.
     *
     * @param output name of an output or of any value in the graph; may be absent where there is only one output
     * @throws SquisherException if they do not fit, the output is not there or not unique, or is drawn at random
     */
    public static BoundGraph of(OnnxFile model, Examples examples, Optional<String> output) {
        String chosen = ChosenOutput.of(model, output);
        Graph all = SharedInputs.bind(GraphReader.read(ChosenOutput.cut(model, chosen)), examples);
        Graph graph = all.reaching(Set.of(chosen)).withReadInputs();
        RandomOperators.check(graph, chosen);
        ModelInputs.check(graph, examples);
        OptionalLong fixed = FixedBatch.of(graph);
        Graph freed = fixed.isPresent() ? FixedBatch.freed(graph, fixed.getAsLong()) : graph;
        return new BoundGraph(model.path(), freed, examples, chosen, fixed, graph);
    }

    /** The same with a changed graph. */
    public BoundGraph with(UnaryOperator<Graph> change) {
        return new BoundGraph(file, change.apply(graph), examples, output, fixedBatch, change.apply(exported));
    }

    /** Whether the file takes one example at a time. */
    public boolean fixesSingleExamples() {
        return fixedBatch.isPresent() && fixedBatch.getAsLong() == 1;
    }

    /** The graph's inputs for examples {@code from} to {@code from + rows}, in the types that it takes. */
    public Map<String, Tensor> inputs(long from, int rows) {
        Map<String, Tensor> inputs = new HashMap<>();
        for (ValueInfoProto input : graph.inputs()) {
            inputs.put(input.getName(), examples.batch(input.getName(), from, rows, typeOf(input)));
        }
        return inputs;
    }

    /** What was made to fit: arrays converted to the types of their inputs, and the batch axis. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        fixedBatch.ifPresent(batch -> remarks.add("the model was exported for batches of " + batch
                + "; its batch axis is taken as free, which a run on two and on three examples has to confirm"));
        for (ValueInfoProto input : graph.inputs()) {
            ElementType given = examples.arrays().get(input.getName()).type();
            if (given != typeOf(input)) {
                remarks.add("the array '" + input.getName() + "' is " + given + ", converted to the graph's "
                        + typeOf(input));
            }
        }
        return remarks;
    }

    static ElementType typeOf(ValueInfoProto input) {
        int type = input.getType().getTensorType().getElemType();
        return OnnxElementTypes.fromOnnx(type)
                .orElseThrow(() -> new SquisherException("the input '" + input.getName()
                        + "' is of the unsupported type " + OnnxElementTypes.nameOf(type)));
    }
}
