package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.graph.FixedBatch;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.GraphReader;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
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
     * @param output name of the output; may be absent where there is only one
     * @throws SquisherException if they do not fit, or the output is not there or not unique
     */
    public static BoundGraph of(OnnxFile model, Examples examples, Optional<String> output) {
        Graph all = SharedInputs.bind(GraphReader.read(model), examples);
        String chosen = chosenOutput(model.path(), all, output);
        ModelInputs.check(all, examples);
        Graph graph = all.reaching(Set.of(chosen));
        OptionalLong fixed = FixedBatch.of(graph);
        Graph freed = fixed.isPresent() ? FixedBatch.freed(graph, fixed.getAsLong()) : graph;
        return new BoundGraph(model.path(), freed, examples, chosen, fixed, graph);
    }

    private static String chosenOutput(Path file, Graph graph, Optional<String> output) {
        Set<String> names = new LinkedHashSet<>();
        graph.outputs().forEach(info -> names.add(info.getName()));
        if (output.isEmpty() && names.size() > 1) {
            throw new SquisherException("'" + file + "' has the outputs " + names + "; choose one with --output");
        }
        String name = output.orElseGet(() -> names.iterator().next());
        if (!names.contains(name)) {
            throw new SquisherException("'" + file + "' has no output '" + name + "', it has " + names);
        }
        return name;
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
