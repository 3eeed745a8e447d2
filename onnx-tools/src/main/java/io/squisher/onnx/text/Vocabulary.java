package io.squisher.onnx.text;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Whether the tokens of a file are those that a model's table of embeddings has rows for. */
final class Vocabulary {
    /** Nodes between an input and the table that change no number. */
    private static final Set<String> SAME = Set.of("Cast", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze");

    /** Tables are rounded up to a multiple of some power of two, and have rows for tokens that are added later. */
    private static final double LEAST_SHARE = 0.9;

    private Vocabulary() {}

    /**
     * Compares them; says nothing where no table shows.
     *
     * @throws SquisherException if the table has fewer rows than there are tokens
     */
    static void check(OnnxFile model, String ids, Path tokenizer, int tokens, Consumer<String> notices) {
        Optional<TensorProto> found = table(model.model().getGraph(), ids);
        if (found.isEmpty()) {
            return;
        }
        String table = "the table '" + found.get().getName() + "' of '" + model.path() + "', which '" + ids
                + "' looks rows up in, has ";
        long rows = found.get().getDims(0);
        if (tokens > rows) {
            throw new SquisherException("'" + tokenizer + "' numbers " + tokens + " tokens, and " + table + rows
                    + " rows: it is the tokenizer of another vocabulary; take the tokenizer.json that the"
                    + " model came with");
        }
        if (tokens < rows * LEAST_SHARE) {
            notices.accept("'" + tokenizer + "' numbers only " + tokens + " tokens, and " + table + rows
                    + " rows; is it the tokenizer.json that the model came with?");
        }
    }

    private static Optional<TensorProto> table(GraphProto graph, String ids) {
        Map<String, TensorProto> stored = new HashMap<>();
        graph.getInitializerList().forEach(tensor -> stored.put(tensor.getName(), tensor));
        Set<String> same = new HashSet<>(Set.of(ids));
        // Nodes stand in the order of their computation.
        for (NodeProto node : graph.getNodeList()) {
            if (node.getInputCount() == 0) {
                continue;
            }
            if (SAME.contains(node.getOpType()) && same.contains(node.getInput(0))) {
                same.add(node.getOutput(0));
            }
            if (node.getOpType().equals("Gather") && same.contains(node.getInput(1))) {
                TensorProto table = stored.get(node.getInput(0));
                if (table != null && table.getDimsCount() == 2) {
                    return Optional.of(table);
                }
            }
        }
        return Optional.empty();
    }
}
