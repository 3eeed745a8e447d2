package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.files.Opening;
import io.squisher.fisher.FisherFile;
import io.squisher.format.onnx.ExternalData;
import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxRoles;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.autodiff.GraphValues;
import io.squisher.onnx.data.BoundGraph;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.fisher.labels.LabelArray;
import io.squisher.onnx.fisher.logits.LogitOutput;
import io.squisher.onnx.fisher.logits.ProbabilityGuard;
import io.squisher.onnx.graph.Float32;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.runtime.ShapeProbe;
import io.squisher.proto.Provenance;
import io.squisher.proto.Source;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import io.squisher.weights.Role;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A request that was checked against its model and data, with the graphs that answer it. */
public final class FisherPlan implements AutoCloseable {
    private final FisherRequest request;
    private final TiedWeights tied;
    private final BoundGraph bound;
    private final Graph graph;
    private final String output;
    private final GraphValues values;
    private final LikelihoodHead head;
    private final Optional<LabelArray> labels;
    private final Map<String, Shape> parameters = new LinkedHashMap<>();
    private final Map<String, String> paths = new LinkedHashMap<>();
    private final int batchSize;
    private final boolean single;
    private final List<FisherPart> parts;
    private final FisherSessions sessions;
    private String weightsHash;

    private FisherPlan(FisherRequest request, FisherSessions sessions) {
        this.request = request;
        this.sessions = sessions;
        BoundGraph separate = BoundGraph.of(request.model(), request.examples(), request.output());
        TiedWeights found = TiedWeights.of(separate.graph());
        tied = request.tied() ? found : new TiedWeights(Map.of());
        bound = separate.with(tied::join);
        if (!request.tied()) {
            found.remark().ifPresent(request.runtime().notices());
        }
        bound.remarks().forEach(request.runtime().notices());
        Float32.remark(request.model().model()).ifPresent(request.runtime().notices());
        Measured measured = measured();
        single = measured.single();
        LogitOutput logits = request.logitsOf(measured.values(), bound.output());
        values = logits.values();
        graph = values.graph();
        output = logits.value();
        TensorShape shape = values.shape(output).ofBatch();
        head = LikelihoodHeads.of(request.likelihood(), shape);
        labels = checkedLabels(shape);
        batchSize = request.kind() instanceof FisherKind.Absolute || single
                ? 1
                : request.batchSize().orElseGet(() -> BatchSize.automatic(values));
        new ProbabilityGuard(logits, request.likelihood(), request.runtime().notices()).check(this::outputs);
        FisherGraphBuilder builder = builder(new EstimatorForm());
        Set<String> chosen = builder.reachable(candidates());
        if (chosen.isEmpty()) {
            throw new SquisherException("no parameter of '" + request.model().path() + "' reaches the output '"
                    + bound.output() + "'"
                    + request.parameters()
                            .map(p -> " and matches '" + p + "'")
                            .orElse("; if an operator before it passes no gradient, choose a value before that with --output"
                                    + " ('squisher inspect --graph MODEL' lists them)"));
        }
        parts = parts(builder, chosen);
        if (parts.isEmpty()) {
            throw new SquisherException("no gradient of the output '" + bound.output() + "' of '"
                    + request.model().path() + "' reaches the chosen parameters " + chosen);
        }
        chosen.forEach(name -> parameters.put(
                name, OnnxTensors.spec(graph.initializers().get(name)).shape()));
    }

    /** The graphs that together give all parameters: those without a rule for a batch run one example at a time. */
    private List<FisherPart> parts(FisherGraphBuilder builder, Set<String> chosen) {
        if (single || request.kind().takesGradients()) {
            FisherGraph gradients = single ? builder.ofSingleExample(chosen) : builder.sums(chosen);
            paths.putAll(gradients.paths());
            return parts(new FisherPart(gradients, batchSize, true));
        }
        FisherGraph squares = builder.squares(chosen);
        paths.putAll(squares.paths());
        Map<String, String> left = squares.singleExamples();
        left.forEach((name, reason) -> paths.put(name, "one example at a time: " + reason));
        FisherPart batched = new FisherPart(squares, batchSize, false);
        return left.isEmpty()
                ? parts(batched)
                : parts(batched, new FisherPart(builder.sums(new LinkedHashSet<>(left.keySet())), 1, true));
    }

    /** Those that have outputs: ONNX Runtime loads no graph without. */
    private static List<FisherPart> parts(FisherPart... parts) {
        return Stream.of(parts)
                .filter(part -> part.graph().model().getGraph().getOutputCount() > 0)
                .toList();
    }

    /** The graph with its shapes, and whether it takes one example at a time. */
    private record Measured(GraphValues values, boolean single) {}

    private Measured measured() {
        try {
            return new Measured(
                    ShapeProbe.measure(
                            bound.graph(), bound::inputs, bound.output(), request.runtime(), sessions.weights()),
                    false);
        } catch (SquisherException e) {
            if (bound.fixedBatch().isEmpty()) {
                throw e;
            }
            String what =
                    "was exported for batches of " + bound.fixedBatch().getAsLong() + ", and does not run on others; ";
            if (!bound.fixesSingleExamples()) {
                throw new SquisherException(
                        "'" + request.model().path() + "' " + what + "export it with a free batch axis ("
                                + e.getMessage() + ")",
                        e);
            }
            request.runtime()
                    .notices()
                    .accept("the model " + what
                            + "its examples are run one at a time, which an export with a free batch"
                            + " axis makes faster");
            return new Measured(
                    ShapeProbe.measureSingle(
                            bound.exported(), bound::inputs, bound.output(), request.runtime(), sessions.weights()),
                    true);
        }
    }

    private FisherGraphBuilder builder(GraphForm form) {
        return new FisherGraphBuilder(values, output, head, request.kind(), batchSize, form);
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
        if (single) {
            throw new SquisherException(
                    "'" + request.model().path() + "' was exported for batches of 1, and does not run"
                            + " on others, so a graph of it cannot sum over a batch; export it with a free batch axis");
        }
        FisherGraphBuilder builder = builder(new StandaloneForm(request.labels(), request.kind()));
        FisherGraph graph = request.kind() instanceof FisherKind.Joint
                ? builder.sums(parameters.keySet())
                : builder.squares(parameters.keySet());
        if (graph.outputs().isEmpty()) {
            throw new SquisherException("none of the parameters can be computed over a batch: " + graph.singleExamples()
                    + "; squisher fisher computes them one example at a time");
        }
        return graph;
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
            return opening.keep(new FisherPlan(request, sessions));
        }
    }

    private Set<String> candidates() {
        OnnxRoles roles = OnnxRoles.of(request.model().model().getGraph());
        Set<String> candidates = new LinkedHashSet<>();
        graph.initializers().forEach((name, proto) -> {
            boolean floating = OnnxElementTypes.fromOnnx(proto.getDataType())
                    .map(ElementType::isFloating)
                    .orElse(false);
            boolean wanted =
                    request.parameters().map(p -> p.matcher(name).find()).orElse(true);
            boolean role = request.includeConstants() || roles.role(name) != Role.CONSTANT;
            if (floating && wanted && role) {
                candidates.add(name);
            }
        });
        return candidates;
    }

    /** The labels where there are any: their shape always fits, and their values where the kind takes them. */
    private Optional<LabelArray> checkedLabels(TensorShape shape) {
        boolean needed = request.kind().takesLabels();
        if (!needed && !request.examples().arrays().containsKey(request.labels())) {
            return Optional.empty();
        }
        Shape ofExample = shape.ofExample();
        LabelArray array = LabelArray.of(request.examples(), request.labels(), request.likelihood(), ofExample);
        if (needed || request.likelihood() instanceof Likelihood.CategoricalTokens) {
            array.check(request.likelihood(), ofExample);
        }
        return Optional.of(array);
    }

    /** The model's inputs for examples {@code from} to {@code from + rows}. */
    Map<String, Tensor> inputs(long from, int rows) {
        return bound.inputs(from, rows);
    }

    /** The labels of those examples, where there are any. */
    Optional<Tensor> labels(long from, int rows) {
        return labels.map(array -> array.batch(from, rows, head.labelType()));
    }

    /** What the model gives for the first examples, at most {@code most} of them. */
    private Tensor outputs(int most) {
        int rows = single
                ? 1
                : (int) Math.min(Math.min(most, batchSize), request.examples().count());
        try (InferenceSession session = sessions.openBriefly(forward())) {
            Map<String, Tensor> inputs = inputs(0, rows);
            inputs.keySet().retainAll(session.inputs());
            return session.run(inputs, Set.of(output)).get(output);
        }
    }

    /** The model alone. */
    ModelProto forward() {
        return new ModelBuilder()
                .nodes(graph.reaching(Set.of(output)).nodes())
                .initializers(graph.initializers())
                .initializers(graph.constants())
                .inputs(graph.inputs())
                .output(output)
                .build();
    }

    Map<String, Role> roles(Set<String> names) {
        OnnxRoles roles = OnnxRoles.of(request.model().model().getGraph());
        Map<String, Role> others = new LinkedHashMap<>();
        names.stream()
                .filter(name -> roles.role(name) != Role.PARAMETER)
                .forEach(name -> others.put(name, roles.role(name)));
        return others;
    }

    Provenance provenance() {
        Provenance.Builder provenance = Provenance.newBuilder()
                .setFormatVersion(FisherFile.FORMAT_VERSION)
                .setKind(request.kind().toProto())
                .setReduction(Provenance.Reduction.MEAN)
                .setExampleCount(request.examples().count())
                .setLikelihood(request.likelihood().name())
                .setWeightsHash(weightsHash())
                .setCreated(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .addSources(Source.newBuilder()
                        .setFile(request.model().path().getFileName().toString()));
        if (request.kind() instanceof FisherKind.Sampled sampled) {
            provenance.setSampleCount(sampled.draws()).setSeed(sampled.seed());
        }
        return provenance.build();
    }

    /** What a partial result must have been made for to be continued: model, data, question and batches. */
    String fingerprint() {
        return String.join(
                "\n",
                weightsHash(),
                request.examples().source() + " " + request.examples().count(),
                output + " " + request.labels() + " " + request.likelihood() + " " + request.kind() + " " + tied,
                parameters.keySet() + " " + batchSize);
    }

    /** Of the weights as the file has them, whatever the graph computes in. Computed once: it reads them all. */
    private String weightsHash() {
        if (weightsHash == null) {
            weightsHash = hashWeights();
        }
        return weightsHash;
    }

    private String hashWeights() {
        Map<String, TensorProto> stored = new HashMap<>(graph.initializers());
        request.model()
                .model()
                .getGraph()
                .getInitializerList()
                .forEach(initializer -> stored.put(initializer.getName(), initializer));
        try (ExternalData external = new ExternalData(request.model().path())) {
            Set<String> names = new LinkedHashSet<>(parameters.keySet());
            tied.copies().forEach((name, copy) -> {
                if (parameters.containsKey(copy.original())) {
                    names.add(name);
                }
            });
            return ContentHash.of(names, name -> OnnxTensors.read(stored.get(name), external));
        }
    }

    /** The initializers that repeat others and are taken as one with them. */
    TiedWeights tied() {
        return tied;
    }

    public Examples examples() {
        return request.examples();
    }

    public FisherKind kind() {
        return request.kind();
    }

    /** Loads a graph of the plan into ONNX Runtime, until the plan is closed. */
    InferenceSession session(ModelProto model) {
        return sessions.open(model);
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
        return output;
    }

    LikelihoodHead head() {
        return head;
    }

    /** The parameters whose Fisher is computed, with their shapes. */
    public Map<String, Shape> parameters() {
        return parameters;
    }

    /** How the numbers of each parameter are computed. */
    public Map<String, String> paths() {
        return paths;
    }

    /** The graphs that are run over the examples, at least one. */
    public List<FisherPart> parts() {
        return parts;
    }

    /** Examples at once. */
    public int batchSize() {
        return batchSize;
    }

    /** Runs of the graph over each example. */
    public long passes() {
        if (request.kind() instanceof FisherKind.Exact) {
            return head.passes();
        }
        return request.kind() instanceof FisherKind.Sampled sampled ? sampled.draws() : 1;
    }
}
