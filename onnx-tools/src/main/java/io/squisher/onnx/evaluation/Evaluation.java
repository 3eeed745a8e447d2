package io.squisher.onnx.evaluation;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.BoundGraph;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.MeasuredGraph;
import io.squisher.onnx.data.OutputOfExamples;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.fisher.labels.LabelArray;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.fisher.logits.LogitOutput;
import io.squisher.onnx.fisher.logits.ProbabilityGuard;
import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.MixedExamplesException;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.runtime.ShapeProbe;
import io.squisher.onnx.runtime.SharedWeights;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Runs a model over examples and scores it against their labels.
 *
 * @param labels name of the array with the labels
 * @param output name of an output or of any value in the graph; may be absent where there is only one output
 * @param outputsAreLogits whether the output is taken for logits whatever it looks like; otherwise a softmax or sigmoid at
 *     the end is left out, and probabilities are refused
 * @param batchSize examples at once, which matters where the model mixes them; found if absent
 */
public record Evaluation(
        OnnxFile model,
        Examples examples,
        String labels,
        Optional<String> output,
        boolean outputsAreLogits,
        Likelihood likelihood,
        OptionalInt batchSize,
        RuntimeSettings runtime) {
    private static final int BATCH = 128;

    /** An evaluation of a model's only output against the array {@code labels}, on the processor. */
    public static Evaluation of(OnnxFile model, Examples examples, Likelihood likelihood) {
        return new Evaluation(
                model,
                examples,
                "labels",
                Optional.empty(),
                false,
                likelihood,
                OptionalInt.empty(),
                RuntimeSettings.CPU);
    }

    /** The same with the output taken for logits, whatever it looks like. */
    public Evaluation withOutputsAreLogits() {
        return new Evaluation(model, examples, labels, output, true, likelihood, batchSize, runtime);
    }

    /** The same with other threads, on another device. */
    public Evaluation withRuntime(RuntimeSettings settings) {
        return new Evaluation(model, examples, labels, output, outputsAreLogits, likelihood, batchSize, settings);
    }

    /**
     * Scores the model.
     *
     * @throws SquisherException if model, data and likelihood do not fit, the output holds probabilities that are no logits
     *     of the likelihood, or a label is out of range
     */
    public Scores run() {
        return run(List.of(this));
    }

    /**
     * Scores a model on sets of examples, each of one shape, as if they were one.
     *
     * @param sets at least one, of the same model and likelihood
     * @throws SquisherException as {@link #run()}
     */
    public static Scores run(List<Evaluation> sets) {
        LabelScore score = LabelScore.of(sets.get(0).likelihood);
        try (SharedWeights weights = new SharedWeights()) {
            sets.forEach(set -> set.addTo(score, OutputTap.NONE, weights));
        }
        return score.scores(sets.stream().mapToLong(set -> set.examples.count()).sum());
    }

    /**
     * Hands on the logits of every label, in the order of the examples.
     *
     * @throws SquisherException as {@link #run()} does, and if the likelihood is not categorical
     */
    public void logits(ClassLogits receiver) {
        requireClasses();
        try (SharedWeights weights = new SharedWeights()) {
            addTo(LabelScore.handing(likelihood, receiver), OutputTap.NONE, weights);
        }
    }

    private void requireClasses() {
        if (likelihood instanceof Likelihood.Gaussian || likelihood instanceof Likelihood.Bernoulli) {
            throw new SquisherException("only a classifier has logits of classes; the likelihood is not categorical");
        }
    }

    /**
     * Hands on what a classifier's last layer gets and gives, in the order of the examples.
     *
     * @return the layer; empty, and nothing was handed on, where the logits do not come from a linear layer of stored weights that
     *     meets each example once
     * @throws SquisherException as {@link #logits} does
     */
    public Optional<LinearEnd> lastLayer(LastLayerInputs receiver) {
        requireClasses();
        FeatureTap tap = new FeatureTap();
        LabelScore handing = LabelScore.handing(
                likelihood, (example, logits, label) -> receiver.accept(tap.of(example), logits, label));
        try (SharedWeights weights = new SharedWeights()) {
            addTo(handing, tap, weights);
        }
        return tap.end();
    }

    private void addTo(LabelScore score, OutputTap tap, SharedWeights weights) {
        BoundGraph bound = BoundGraph.of(model, examples, output);
        OutputOfExamples found;
        int batch = batchSize.orElse(BATCH);
        try {
            MeasuredGraph measured = MeasuredGraph.of(bound, runtime, weights, batch == 1);
            found = OutputOfExamples.of(
                    measured, bound, likelihood instanceof Likelihood.Categorical of && of.axis() == -1);
            batch = measured.isSingle() ? 1 : batch;
        } catch (MixedExamplesException e) {
            // There is no gradient of one example, but a score; the shapes of one say where the classes are.
            runtime.notices().accept(e.getMessage() + "; it is scored in batches of " + batch);
            found = new OutputOfExamples(
                    ShapeProbe.measureSingle(bound.graph(), bound::inputs, bound.output(), runtime, weights),
                    bound.output());
        }
        LogitOutput logits = outputsAreLogits
                ? LogitOutput.asIs(found.values(), found.output())
                : LogitOutput.of(found.values(), found.output(), likelihood, runtime.notices());
        if (tap.wants(logits)) {
            add(score, tap, bound, new Batches(logits, batch, weights));
        }
    }

    /** What is run, how many examples at once, and where the weights are. */
    private record Batches(LogitOutput logits, int size, SharedWeights weights) {}

    private void add(LabelScore score, OutputTap tap, BoundGraph bound, Batches batches) {
        int batch = batches.size();
        LogitOutput logits = batches.logits();
        String value = logits.value();
        Set<String> outputs = new LinkedHashSet<>(Set.of(value));
        outputs.addAll(tap.values());
        Graph graph = logits.values().graph().reaching(outputs);
        ModelProto forward = new ModelBuilder()
                .nodes(graph.nodes())
                .initializers(graph.initializers())
                .initializers(graph.constants())
                .inputs(graph.inputs())
                .outputs(outputs)
                .build();
        ProbabilityGuard guard = new ProbabilityGuard(logits, likelihood, runtime.notices());
        LabelArray checked = null;
        long count = examples.count();
        try (InferenceSession session = InferenceSession.create(forward, runtime, batches.weights())) {
            for (long from = 0; from < count; from += batch) {
                int rows = (int) Math.min(batch, count - from);
                Map<String, Tensor> inputs = bound.inputs(from, rows);
                inputs.keySet().retainAll(session.inputs());
                Map<String, Tensor> results = session.run(inputs, outputs);
                Tensor result = results.get(value);
                tap.take(from, results);
                if (checked == null) {
                    guard.check(result);
                    checked = checkedLabels(result.shape(), rows);
                }
                add(score, result, checked.batch(from, rows, ElementType.F64), from);
            }
        }
    }

    private LabelArray checkedLabels(Shape output, int rows) {
        if (output.rank() == 0 || output.dim(0) != rows) {
            throw new SquisherException("the output " + output + " does not have the examples as its first axis");
        }
        Shape ofExample = Shape.of(Arrays.copyOfRange(output.dims(), 1, output.rank()));
        requireAxis(output);
        LabelArray array = LabelArray.of(examples, labels, likelihood, ofExample);
        array.check(likelihood, ofExample);
        return array;
    }

    private void requireAxis(Shape output) {
        boolean classes = !(likelihood instanceof Likelihood.Gaussian || likelihood instanceof Likelihood.Bernoulli);
        int axis = classAxis(output.rank());
        if (classes && (axis < 1 || axis >= output.rank())) {
            throw new SquisherException("the output " + output + " has no axis " + axis + " of classes");
        }
    }

    private int classAxis(int rank) {
        int axis = likelihood instanceof Likelihood.Categorical categorical ? categorical.axis() : -1;
        return Axes.fromFirst(axis, rank);
    }

    private void add(LabelScore score, Tensor result, Tensor batch, long from) {
        Shape shape = result.shape();
        double[] outputs = result.toDoubles();
        double[] given = batch.toDoubles();
        int rows = (int) shape.dim(0);
        if (likelihood instanceof Likelihood.Gaussian || likelihood instanceof Likelihood.Bernoulli) {
            for (int i = 0; i < outputs.length; i++) {
                score.add(outputs, i, 1, 1, given[i], from + i / (outputs.length / rows));
            }
            return;
        }
        int axis = classAxis(shape.rank());
        int classes = (int) shape.dim(axis);
        int behind = 1;
        for (int i = axis + 1; i < shape.rank(); i++) {
            behind *= (int) shape.dim(i);
        }
        for (int i = 0; i < given.length; i++) {
            int start = i / behind * classes * behind + i % behind;
            score.add(outputs, start, behind, classes, given[i], from + i / (given.length / rows));
        }
    }
}
