package io.squisher.onnx.fisher.graph;

import io.squisher.format.onnx.OnnxWriter;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.proto.onnx.ModelProto;
import java.nio.file.Path;
import java.util.Map;

/**
 * A graph that returns sums over the examples of a batch, for some of the parameters.
 *
 * @param model the graph: inputs are the model's, {@value LikelihoodHead#LABELS} and {@value LikelihoodHead#MASK}
 * @param outputs by parameter, the name of the output that belongs to it
 * @param orders by the same parameters, the order in which its elements come out
 * @param rows by parameter, the outputs of those whose rows are squared and summed outside the graph
 * @param paths by parameter, how its numbers are computed
 * @param singleExamples parameters that this graph cannot do, with the reason
 * @param scale what every gradient is multiplied with
 */
public record FisherGraph(
        ModelProto model,
        Map<String, String> outputs,
        Map<String, ElementOrder> orders,
        Map<String, Rows> rows,
        Map<String, String> paths,
        Map<String, String> singleExamples,
        double scale) {
    /** Writes the graph as a file, atomically. */
    public void write(Path target) {
        OnnxWriter.write(target, model);
    }

    /**
     * Row gradients of a table.
     *
     * @param indices name of the output {@code [N, tokens]}
     * @param gradients name of the output {@code [N, tokens, width]}
     */
    public record Rows(String indices, String gradients) {}
}
