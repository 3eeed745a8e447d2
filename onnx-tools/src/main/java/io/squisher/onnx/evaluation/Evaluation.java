package io.squisher.onnx.evaluation;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.BoundGraph;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.fisher.Likelihood;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs a model over examples and scores it against their labels.
 *
 * @param labels name of the array with the labels
 * @param output name of the output; may be absent where there is only one
 */
public record Evaluation(
        OnnxFile model,
        Examples examples,
        String labels,
        Optional<String> output,
        Likelihood likelihood,
        RuntimeSettings runtime) {
    private static final int BATCH = 128;

    /** An evaluation of a model's only output against the array {@code labels}, on the processor. */
    public static Evaluation of(OnnxFile model, Examples examples, Likelihood likelihood) {
        return new Evaluation(model, examples, "labels", Optional.empty(), likelihood, RuntimeSettings.CPU);
    }

    /**
     * Scores the model.
     *
     * @throws SquisherException if model, data and likelihood do not fit, or a label is out of range
     */
    public Scores run() {
        BoundGraph bound = BoundGraph.of(model, examples, output);
        if (!examples.arrays().containsKey(labels)) {
            throw new SquisherException("'" + examples.source() + "' has no array '" + labels
                    + "' with the labels; it has " + examples.arrays().keySet() + ", choose one with --labels");
        }
        // That a batch can be freed would have to be tried; one example at a time is as the file has it.
        boolean single = bound.fixesSingleExamples();
        Graph graph = single ? bound.exported() : bound.graph();
        int batch = single ? 1 : BATCH;
        ModelProto forward = new ModelBuilder()
                .nodes(graph.nodes())
                .initializers(graph.initializers())
                .initializers(graph.constants())
                .inputs(graph.inputs())
                .output(bound.output())
                .build();
        LabelScore score = LabelScore.of(likelihood);
        long count = examples.count();
        try (InferenceSession session = InferenceSession.create(forward, runtime)) {
            for (long from = 0; from < count; from += batch) {
                int rows = (int) Math.min(batch, count - from);
                Map<String, Tensor> inputs = bound.inputs(from, rows);
                inputs.keySet()
                        .retainAll(forward.getGraph().getInputList().stream()
                                .map(input -> input.getName())
                                .toList());
                Tensor result = session.run(inputs, Set.of(bound.output())).get(bound.output());
                add(score, result, examples.batch(labels, from, rows, ElementType.F64), from);
            }
        }
        return score.scores(count);
    }

    private void add(LabelScore score, Tensor result, Tensor batch, long from) {
        Shape shape = result.shape();
        double[] outputs = result.toDoubles();
        double[] given = batch.toDoubles();
        int rows = (int) shape.dim(0);
        if (likelihood instanceof Likelihood.Gaussian || likelihood instanceof Likelihood.Bernoulli) {
            requireLabels(given.length, outputs.length, shape, batch);
            for (int i = 0; i < outputs.length; i++) {
                score.add(outputs, i, 1, 1, given[i], from + i / (outputs.length / rows));
            }
            return;
        }
        int axis = likelihood instanceof Likelihood.Categorical categorical ? categorical.axis() : -1;
        axis = axis < 0 ? axis + shape.rank() : axis;
        if (axis < 1 || axis >= shape.rank()) {
            throw new SquisherException("the output " + shape + " has no axis " + axis + " of classes");
        }
        int classes = (int) shape.dim(axis);
        int behind = 1;
        for (int i = axis + 1; i < shape.rank(); i++) {
            behind *= (int) shape.dim(i);
        }
        requireLabels(given.length, outputs.length / classes, shape, batch);
        for (int i = 0; i < given.length; i++) {
            int start = i / behind * classes * behind + i % behind;
            score.add(outputs, start, behind, classes, given[i], from + i / (given.length / rows));
        }
    }

    private void requireLabels(int given, int needed, Shape output, Tensor batch) {
        if (given != needed) {
            throw new SquisherException(
                    "the labels '" + labels + "' are " + batch.shape() + " for a batch; the likelihood "
                            + likelihood.name() + " of an output " + output + " needs " + needed + " of them");
        }
    }
}
