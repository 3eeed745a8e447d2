package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.files.Opening;
import io.squisher.onnx.autodiff.AcrossExamplesException;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.MeasuredGraph;
import io.squisher.onnx.fisher.graph.ElementOrder;
import io.squisher.onnx.fisher.graph.EstimatorForm;
import io.squisher.onnx.fisher.graph.FisherGraph;
import io.squisher.onnx.fisher.graph.FisherGraphBuilder;
import io.squisher.onnx.fisher.graph.Seed;
import io.squisher.onnx.fisher.graph.StandaloneForm;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.MixedExamplesException;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.Sums;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A request that was checked against its model and data, with the graphs that answer it. */
public final class FisherPlan implements AutoCloseable {
    private final FisherSessions sessions;
    private final BoundRequest bound;
    private final FisherRequest request;
    private final MeasuredGraph measured;
    private final FisherTarget target;
    private final PlannedGraphs graphs;
    private final FisherProvenance provenance;

    private FisherPlan(
            FisherSessions sessions,
            BoundRequest bound,
            MeasuredGraph measured,
            FisherTarget target,
            PlannedGraphs graphs) {
        this.sessions = sessions;
        this.bound = bound;
        this.request = bound.request();
        this.measured = measured;
        this.target = target;
        this.graphs = graphs;
        this.provenance = new FisherProvenance(
                bound, target.values().graph(), graphs.parameters().keySet());
    }

    /**
     * Checks a request and builds its graphs.
     *
     * @throws SquisherException if data, likelihood and model do not fit, or an operator has no rule
     */
    public static FisherPlan of(FisherRequest request) {
        return of(request, new FisherSessions(request.runtime()));
    }

    /** With sessions that are closed with the plan, or at once where the request is refused. */
    static FisherPlan of(FisherRequest request, FisherSessions sessions) {
        try (Opening opening = new Opening()) {
            opening.add(sessions);
            InferenceSession.prepare();
            BoundRequest bound = BoundRequest.of(request);
            MeasuredGraph measured = measured(bound, sessions);
            FisherPlan plan;
            try {
                plan = planned(sessions, bound, measured);
            } catch (AcrossExamplesException e) {
                plan = planned(sessions, bound, single(bound, measured, sessions, e));
            }
            return opening.keep(plan);
        }
    }

    private static FisherPlan planned(FisherSessions sessions, BoundRequest bound, MeasuredGraph measured) {
        FisherRequest request = bound.request();
        FisherTarget target = FisherTarget.of(request, measured, bound.bound());
        int batchSize = BatchSize.of(request, measured.isSingle(), target.values());
        target.refuseProbabilities(bound, sessions, batchSize);
        PlannedGraphs graphs = PlannedGraphs.of(request, target, measured.single(), batchSize);
        return new FisherPlan(sessions, bound, measured, target, graphs);
    }

    /** What runs on batches, and its examples apart, may have no gradient that keeps them so. */
    private static MeasuredGraph single(
            BoundRequest bound, MeasuredGraph measured, FisherSessions sessions, AcrossExamplesException problem) {
        if (measured.isSingle()) {
            throw problem;
        }
        return MeasuredGraph.ofSingleExamples(
                bound.bound(),
                "there is no gradient over a batch (" + problem.getMessage() + ")",
                bound.request().runtime(),
                sessions.weights());
    }

    private static MeasuredGraph measured(BoundRequest bound, FisherSessions sessions) {
        FisherRequest request = bound.request();
        boolean oneAtATime =
                request.batchSize().isPresent() && request.batchSize().getAsInt() == 1;
        try {
            return MeasuredGraph.of(bound.bound(), request.runtime(), sessions.weights(), oneAtATime);
        } catch (MixedExamplesException e) {
            throw new SquisherException(
                    e.getMessage()
                            + "; export in eval mode and without operators over the batch, choose a value before those"
                            + " with --output ('squisher inspect --graph MODEL' lists them), say with --example-axis"
                            + " which axis counts examples, or make each example a batch of its own with --batch-size"
                            + " 1",
                    e);
        }
    }

    /**
     * The plan's graph for any ONNX runtime: its inputs are the model's and the labels, its outputs {@code
     * squisher.fisher/PARAMETER} are {@code Σ_n g_n²} over the examples of a batch ({@code squisher.gradient/PARAMETER},
     * {@code Σ_n g_n}, for the joint kind). Of the exact kind it is one pass, and has an input {@code squisher.mask} more.
     *
     * @throws SquisherException if the kind is sampled, or no parameter has a per-example rule
     */
    public FisherGraph standalone() {
        if (request.kind() instanceof FisherKind.Sampled) {
            throw new SquisherException(
                    "a graph draws no labels; write the empirical one and feed it labels that are drawn"
                            + " from the model");
        }
        if (request.kind() instanceof FisherKind.Absolute) {
            throw new SquisherException(
                    "a graph of a batch sums squares, not magnitudes; squisher fisher computes those");
        }
        if (measured.isSingle()) {
            throw new SquisherException("a graph of '" + request.model().path() + "' cannot sum over a batch: "
                    + measured.single().get() + "; export it with a free batch axis, or use squisher fisher, which runs"
                    + " one example at a time");
        }
        FisherGraphBuilder builder =
                target.builder(request.kind(), batchSize(), new StandaloneForm(request.labels(), sums()));
        FisherGraph graph = request.kind() instanceof FisherKind.Joint
                ? builder.sums(parameters().keySet())
                : builder.squares(parameters().keySet());
        if (graph.outputs().isEmpty()) {
            throw new SquisherException("none of the parameters can be computed over a batch: " + graph.singleExamples()
                    + "; squisher fisher computes them one example at a time");
        }
        return graph;
    }

    private StandaloneForm.Sums sums() {
        if (request.kind() instanceof FisherKind.Joint) {
            return StandaloneForm.Sums.GRADIENTS;
        }
        return request.kind() instanceof FisherKind.Exact
                ? StandaloneForm.Sums.SQUARES_OF_A_PASS
                : StandaloneForm.Sums.SQUARES;
    }

    /**
     * The graphs that together give one number for each example and parameter, {@code Σ_j w_j g_nj²}.
     *
     * @param weights w by parameter, in its shape; ones where there are none
     */
    List<FisherPart> norms(Map<String, Tensor> weights) {
        FisherGraphBuilder builder = target.builder(graphs.seed(), batchSize(), new EstimatorForm());
        Set<String> chosen = parameters().keySet();
        if (measured.isSingle()) {
            FisherGraph graph = builder.normsOfSingleExample(
                    chosen, weights, measured.single().get());
            return List.of(new FisherPart(graph, 1, true));
        }
        FisherGraph graph = builder.norms(chosen, weights);
        Set<String> left = graph.singleExamples().keySet();
        return Stream.of(
                        Optional.of(new FisherPart(graph, batchSize(), false)),
                        left.isEmpty()
                                ? Optional.<FisherPart>empty()
                                : Optional.of(new FisherPart(builder.normsOfOne(left, weights), 1, true)))
                .flatMap(Optional::stream)
                .filter(part -> !part.graph().outputs().isEmpty())
                .toList();
    }

    /** The examples that the plan was made with; their labels were checked. */
    PieceOfData data() {
        return new PieceOfData(bound.bound(), target.labels());
    }

    /** A part of them. */
    PieceOfData data(long from, long count) {
        Examples part = examples().slice(from, count);
        return new PieceOfData(bound.bound().with(part), target.labels().map(labels -> labels.with(part)));
    }

    /**
     * Other examples.
     *
     * @throws SquisherException if they do not have the shapes of those, or their labels do not fit
     */
    PieceOfData data(Examples others) {
        return target.piece(bound, others);
    }

    /** The model alone. */
    ModelProto forward() {
        return target.forward();
    }

    /** What a run must agree in to go on with sums that were saved: beside the header, the data and its batches. */
    String progress() {
        return examples().source() + " " + examples().identity() + ", " + batchSize() + " at once";
    }

    /** Whether the user chose the batch size. */
    boolean isBatchChosen() {
        return request.batchSize().isPresent();
    }

    /** The header of sums of no examples yet. */
    Sums header() {
        return provenance.header(output());
    }

    public Examples examples() {
        return request.examples();
    }

    public FisherKind kind() {
        return request.kind();
    }

    /** Loads a graph of the plan into ONNX Runtime, until the plan is closed. */
    InferenceSession session(ModelProto model) {
        return session(model, runtime().threads());
    }

    /** The same with other threads than the request's; 0 for one a core. */
    InferenceSession session(ModelProto model, int threads) {
        return sessions.open(model, threads);
    }

    /** The graph of a session of the plan, with buffers of its own for another thread. */
    InferenceSession beside(InferenceSession session) {
        return sessions.beside(session);
    }

    /** The threads that run graphs of the plan at the same time. */
    SideBySide sideBySide() {
        return sessions.sideBySide();
    }

    RuntimeSettings runtime() {
        return request.runtime();
    }

    @Override
    public void close() {
        sessions.close();
    }

    /** The output that the likelihood is of. */
    public String output() {
        return target.output();
    }

    LikelihoodHead head() {
        return target.head();
    }

    /** The parameters whose Fisher is computed, with their shapes. */
    public Map<String, Shape> parameters() {
        return graphs.parameters();
    }

    /** The order in which a graph returns a parameter's sums. */
    ElementOrder order(String parameter) {
        return parts().stream()
                .map(part -> part.graph().orders().get(parameter))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> ElementOrder.of(parameters().get(parameter)));
    }

    /** How the numbers of each parameter are computed. */
    public Map<String, String> paths() {
        return graphs.paths();
    }

    /** The graphs that are run over the examples, at least one. */
    List<FisherPart> parts() {
        return graphs.parts();
    }

    /** Examples at once. */
    public int batchSize() {
        return graphs.batchSize();
    }

    /** Whether all passes of an exact Fisher are made at once. */
    boolean isOnePass() {
        return graphs.seed() == Seed.ALL_PASSES;
    }

    /** Runs of the graph over each example. */
    public long passes() {
        if (isOnePass()) {
            return 1;
        }
        if (request.kind() instanceof FisherKind.Exact exact) {
            return exact.isOfTopClasses() ? TopTargets.passes(head(), exact.topClasses()) : head().passes();
        }
        return draws();
    }

    private int draws() {
        return request.kind() instanceof FisherKind.Sampled sampled ? sampled.draws() : 1;
    }

    /** What a square of a graph's scaled gradient is multiplied with to be a share of the sum over examples. */
    double unit(FisherGraph graph) {
        return 1 / (graph.scale() * graph.scale() * draws());
    }
}
