package io.squisher.onnx.training.graph;

import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.ModelProto;
import java.util.List;
import java.util.Map;

/**
 * A graph whose weights are inputs under their own names, and which returns {@value #LOSS}, {@value #HITS}, {@value #LOGITS}
 * and for each trained parameter the gradient of the loss.
 *
 * @param gradients by parameter, the output with its gradient
 * @param rows by parameter that only looks up rows, the outputs with the rows' gradients; a row may come up several times
 * @param statistics by running mean or variance, the output with its next value
 * @param masks by input that the caller fills with the mask of a dropout: its shape, and the share that is dropped
 */
public record TrainableGraph(
        ModelProto model,
        Map<String, String> gradients,
        Map<String, List<Rows>> rows,
        Map<String, String> statistics,
        Map<String, Mask> masks) {
    /** Output: the loss, a scalar. */
    public static final String LOSS = "squisher.loss";

    /** Output: labels that were right, or the sum of squared errors, a scalar. */
    public static final String HITS = "squisher.hits";

    /** Output: the value that the likelihood takes, {@code [N, …]}. */
    public static final String LOGITS = "squisher.logits";

    /**
     * Gradients of the rows of a table.
     *
     * @param indices name of the output {@code [N, tokens]}, integers
     * @param gradients name of the output {@code [N, tokens, width]}
     */
    public record Rows(String indices, String gradients) {}

    /**
     * The mask of a dropout: {@code 1 / (1 − ratio)} where an element is kept, 0 elsewhere.
     *
     * @param ratio the share that is dropped, from 0 to below 1
     */
    public record Mask(TensorShape shape, float ratio) {}
}
