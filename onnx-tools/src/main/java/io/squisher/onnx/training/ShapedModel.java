package io.squisher.onnx.training;

import io.squisher.SquisherException;
import io.squisher.onnx.data.MeasuredGraph;
import io.squisher.onnx.data.OutputOfExamples;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.fisher.LikelihoodHeads;
import io.squisher.onnx.fisher.labels.LabelArray;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.fisher.logits.LogitOutput;
import io.squisher.onnx.fisher.logits.ProbabilityGuard;
import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.MixedExamplesException;
import io.squisher.onnx.runtime.SharedWeights;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.onnx.training.graph.Objective;
import io.squisher.onnx.training.graph.TrainableGraph;
import io.squisher.onnx.training.graph.TrainableGraphBuilder;
import io.squisher.onnx.training.graph.TrainingMode;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A model for examples of one shape: its values' shapes, the value that the likelihood takes, and the objective.
 *
 * @param logits the graph, and the value
 * @param isSingle whether it takes one example at a time
 */
record ShapedModel(
        TrainingQuestion question, LogitOutput logits, LikelihoodHead head, Objective objective, boolean isSingle) {
    /**
     * Measures a model on data.
     *
     * @param weights where the model's weights are kept while it is measured
     * @throws SquisherException if model, data and likelihood do not fit
     */
    static ShapedModel of(TrainingQuestion question, TrainingData data, SharedWeights weights) {
        MeasuredGraph measured;
        try {
            measured = MeasuredGraph.of(data.bound(), question.runtime(), weights, false);
        } catch (MixedExamplesException e) {
            throw new SquisherException(
                    e.getMessage()
                            + "; the loss is a mean of single examples' losses: export the model in eval mode and"
                            + " without operators over the batch",
                    e);
        }
        boolean lastIsClasses = question.likelihood() instanceof Likelihood.Categorical of && of.axis() == -1;
        OutputOfExamples found = OutputOfExamples.of(measured, data.bound(), lastIsClasses);
        LogitOutput logits = question.logitsOf(found.values(), found.output());
        TensorShape shape = logits.values().shape(logits.value()).ofBatch();
        LikelihoodHead head = LikelihoodHeads.of(question.likelihood(), shape);
        ShapedModel model = new ShapedModel(
                question,
                logits,
                head,
                Objective.of(question.likelihood(), head, question.smoothing()),
                measured.isSingle());
        model.refuseProbabilities(data, weights);
        return model;
    }

    /** Looks at the numbers of the first examples, where a likelihood of logits may have got probabilities. */
    private void refuseProbabilities(TrainingData data, SharedWeights weights) {
        new ProbabilityGuard(logits, question.likelihood(), question.runtime().notices()).check(most -> {
            int rows = isSingle ? 1 : Math.min(most, data.count());
            ModelProto forward = model(values().graph(), logits.value());
            try (InferenceSession session = InferenceSession.createForFewRuns(forward, question.runtime(), weights)) {
                Map<String, Tensor> inputs = data.bound().inputs(0, rows);
                inputs.keySet().retainAll(session.inputs());
                return session.run(inputs, Set.of(logits.value())).get(logits.value());
            }
        });
    }

    private static ModelProto model(Graph graph, String output) {
        return new ModelBuilder()
                .nodes(graph.reaching(Set.of(output)).nodes())
                .initializers(graph.initializers())
                .initializers(graph.constants())
                .inputs(graph.inputs())
                .output(output)
                .build();
    }

    GraphValues values() {
        return logits.values();
    }

    /** How many classes a label is one of; empty where labels are no numbers of classes, or each token has one. */
    OptionalLong classes() {
        if (!(question.likelihood() instanceof Likelihood.Categorical categorical)) {
            return OptionalLong.empty();
        }
        TensorShape output = values().shape(logits.value());
        return OptionalLong.of(output.size(Axes.fromFirst(categorical.axis(), output.rank())));
    }

    /** The labels of data, checked. */
    LabelArray labels(TrainingData data) {
        Shape ofExample = values().shape(logits.value()).ofBatch().ofExample();
        LabelArray.of(data.given(), question.labels(), question.likelihood(), ofExample)
                .check(question.likelihood(), ofExample);
        return LabelArray.of(data.examples(), question.labels(), question.likelihood(), ofExample);
    }

    /** Parameters from which a gradient reaches the value. */
    Set<String> reachable(Set<String> candidates) {
        return builder(TrainingMode.off(values()), Set.of()).reachable(candidates);
    }

    /**
     * The graph of a training step.
     *
     * @param trained the parameters whose gradients are wanted
     * @param fed the initializers that are inputs
     */
    TrainableGraph training(Set<String> trained, Set<String> fed) {
        return builder(mode(), fed).gradients(trained);
    }

    /** The graph that scores, in inference mode. */
    TrainableGraph scoring(Set<String> fed) {
        return builder(TrainingMode.off(values()), fed).forward();
    }

    /** The graph as it is while it trains. */
    TrainingMode mode() {
        return question.trainMode() ? TrainingMode.on(values()) : TrainingMode.off(values());
    }

    private TrainableGraphBuilder builder(TrainingMode mode, Set<String> fed) {
        return new TrainableGraphBuilder(mode, logits.value(), objective, fed);
    }
}
