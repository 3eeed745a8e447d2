package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.reading.FixedBatch;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * A model and the examples that it is to run on, checked against each other.
 *
 * @param file where the model was read
 * @param fed the examples as the inputs take them
 * @param output the output that is looked at
 * @param fixedBatch the number of examples that the file fixes and {@code graph} does not
 * @param exported the graph for one example at a time, with a batch that the file fixes
 * @param unbatched why the graph takes no batch at all; empty where it may
 */
public record BoundGraph(
        Path file,
        Graph graph,
        FedInputs fed,
        String output,
        OptionalLong fixedBatch,
        Graph exported,
        Optional<String> unbatched) {
    /**
     * Reads the model's graph and checks that each input has an array of its shape. Inputs that all examples share become
     * constants of the graph; a batch axis that the file fixes is freed.
     *
     * @param output name of an output or of any value in the graph; may be absent where there is only one output
     * @throws SquisherException if they do not fit, the output is not there or not unique, or is drawn at random
     */
    public static BoundGraph of(OnnxFile model, Examples examples, Optional<String> output) {
        String chosen = ChosenOutput.of(model, output);
        OnnxFile cut = ChosenOutput.cut(model, chosen);
        BoundReader reader = new BoundReader(cut, examples, chosen);
        if (reader.fed().takesOne()) {
            return single(
                    model,
                    reader,
                    chosen,
                    "the model takes " + reader.fed().unbatched() + " without an axis of examples");
        }
        Graph graph;
        try {
            graph = reader.read(false);
        } catch (SquisherException e) {
            if (!reader.decidedByCount()) {
                throw e;
            }
            return single(model, reader, chosen, "what the model does depends on how many examples it gets");
        }
        FedInputs fed = reader.fed().only(graph.inputs());
        ModelInputs.check(fed);
        OptionalLong fixed = FixedBatch.of(graph, fed.axes());
        Graph freed = fixed.isPresent() ? FixedBatch.freed(graph, fixed.getAsLong(), fed.axes()) : graph;
        return new BoundGraph(
                model.path(),
                freed,
                fed,
                chosen,
                fixed,
                reader.decidedByShapes() ? reader.read(true) : graph,
                Optional.empty());
    }

    private static BoundGraph single(OnnxFile model, BoundReader reader, String output, String reason) {
        Graph graph = reader.read(true);
        FedInputs fed = reader.fed().only(graph.inputs());
        ModelInputs.check(fed);
        return new BoundGraph(model.path(), graph, fed, output, OptionalLong.empty(), graph, Optional.of(reason));
    }

    /** The same with a changed graph. */
    public BoundGraph with(UnaryOperator<Graph> change) {
        return new BoundGraph(file, change.apply(graph), fed, output, fixedBatch, change.apply(exported), unbatched);
    }

    /**
     * The same with other examples, which may be more or fewer.
     *
     * @throws SquisherException if they do not have the shapes of these
     */
    public BoundGraph with(Examples others) {
        return new BoundGraph(file, graph, fed.of(others), output, fixedBatch, exported, unbatched);
    }

    public Examples examples() {
        return fed.examples();
    }

    /** Whether the file takes one example at a time. */
    public boolean fixesSingleExamples() {
        return fixedBatch.isPresent() && fixedBatch.getAsLong() == 1;
    }

    /** The graph's inputs for examples {@code from} to {@code from + rows}, in the types that it takes. */
    public Map<String, Tensor> inputs(long from, int rows) {
        return fed.batch(from, rows);
    }

    /** What was made to fit: arrays converted to the types of their inputs, and the batch axis. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        fixedBatch.ifPresent(batch -> remarks.add("the model was exported for batches of " + batch
                + "; its batch axis is taken as free, which a run on two and on three examples has to confirm"));
        for (ValueInfoProto input : graph.inputs()) {
            String name = input.getName();
            ElementType given = examples().arrays().get(name).type();
            if (given != typeOf(input)) {
                remarks.add("the array '" + name + "' is " + given + ", converted to the graph's " + typeOf(input));
            }
            if (fed.axis(name) > 0) {
                remarks.add("the input '" + name + "' " + new DeclaredInput(input).describe()
                        + " counts examples on its axis " + fed.axis(name));
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
