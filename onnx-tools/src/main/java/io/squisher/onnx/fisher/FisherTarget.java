package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.onnx.data.BoundGraph;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.MeasuredGraph;
import io.squisher.onnx.data.OutputOfExamples;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.fisher.graph.FisherGraphBuilder;
import io.squisher.onnx.fisher.graph.GraphForm;
import io.squisher.onnx.fisher.graph.Seed;
import io.squisher.onnx.fisher.labels.LabelArray;
import io.squisher.onnx.fisher.likelihood.CategoricalHead;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.fisher.logits.LogitOutput;
import io.squisher.onnx.fisher.logits.ProbabilityGuard;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The third step of a plan: the value that the likelihood takes, found behind the output, and the labels that fit it.
 *
 * @param chosen the output that the user chose, or the only one
 * @param logits the graph and the value
 * @param labels empty where the data has none and the kind needs none
 */
record FisherTarget(String chosen, LogitOutput logits, LikelihoodHead head, Optional<LabelArray> labels) {
    /**
     * Looks for the logits and checks the labels.
     *
     * @throws io.squisher.SquisherException if likelihood, output and labels do not fit
     */
    static FisherTarget of(FisherRequest request, MeasuredGraph measured, BoundGraph bound) {
        OutputOfExamples found = OutputOfExamples.of(
                measured, bound, request.likelihood() instanceof Likelihood.Categorical of && of.axis() == -1);
        LogitOutput logits = request.logitsOf(found.values(), found.output());
        TensorShape shape = logits.values().shape(logits.value()).ofBatch();
        LikelihoodHead head = LikelihoodHeads.of(request.likelihood(), shape);
        if (request.kind() instanceof FisherKind.Exact exact
                && exact.isOfTopClasses()
                && !(head instanceof CategoricalHead)) {
            throw new SquisherException("the most probable classes are asked for, and the likelihood "
                    + request.likelihood().name() + " has no classes; leave --classes away, or take --kind sampled");
        }
        Optional<LabelArray> labels = labels(request, request.examples(), shape.ofExample());
        return new FisherTarget(bound.output(), logits, head, labels);
    }

    /**
     * Some examples, which have the shapes of those that the target was found with.
     *
     * @throws io.squisher.SquisherException if they have not, or their labels do not fit
     */
    PieceOfData piece(BoundRequest bound, Examples examples) {
        return new PieceOfData(
                bound.bound().with(examples),
                labels(
                        bound.request(),
                        examples,
                        values().shape(output()).ofBatch().ofExample()));
    }

    private static Optional<LabelArray> labels(FisherRequest request, Examples examples, Shape ofExample) {
        boolean needed = request.kind().takesLabels();
        if (!needed && !examples.arrays().containsKey(request.labels())) {
            return Optional.empty();
        }
        LabelArray array = LabelArray.of(examples, request.labels(), request.likelihood(), ofExample);
        if (needed || request.likelihood() instanceof Likelihood.CategoricalTokens) {
            array.check(request.likelihood(), ofExample);
        }
        return Optional.of(array);
    }

    /** The graph with its shapes. */
    GraphValues values() {
        return logits.values();
    }

    /** The name of the value that the likelihood takes. */
    String output() {
        return logits.value();
    }

    /**
     * Looks at the numbers of the first examples, where a likelihood of logits may have got probabilities.
     *
     * @throws io.squisher.SquisherException if they are
     */
    void refuseProbabilities(BoundRequest bound, FisherSessions sessions, int batchSize) {
        FisherRequest request = bound.request();
        new ProbabilityGuard(logits, request.likelihood(), request.runtime().notices()).check(most -> {
            int rows =
                    (int) Math.min(Math.min(most, batchSize), request.examples().count());
            try (InferenceSession session = sessions.openBriefly(forward())) {
                Map<String, Tensor> inputs = bound.bound().inputs(0, rows);
                inputs.keySet().retainAll(session.inputs());
                return session.run(inputs, Set.of(output())).get(output());
            }
        });
    }

    /** Builds gradient graphs of the target; of the exact kind they are passes. */
    FisherGraphBuilder builder(FisherKind kind, int batchSize, GraphForm form) {
        return builder(kind instanceof FisherKind.Exact ? Seed.PASS : Seed.LABELS, batchSize, form);
    }

    /** Builds gradient graphs of what is taken back from the output. */
    FisherGraphBuilder builder(Seed seed, int batchSize, GraphForm form) {
        return new FisherGraphBuilder(values(), output(), head, seed, batchSize, form);
    }

    /** The model up to that value. */
    ModelProto forward() {
        Graph graph = values().graph();
        return new ModelBuilder()
                .nodes(graph.reaching(Set.of(output())).nodes())
                .initializers(graph.initializers())
                .initializers(graph.constants())
                .inputs(graph.inputs())
                .output(output())
                .build();
    }
}
