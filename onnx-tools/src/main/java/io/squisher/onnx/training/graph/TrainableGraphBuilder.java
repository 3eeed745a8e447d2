package io.squisher.onnx.training.graph;

import io.squisher.onnx.autodiff.GradientRules;
import io.squisher.onnx.autodiff.ReverseMode;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.autodiff.rules.StandardRules;
import io.squisher.onnx.emit.Emitter;
import io.squisher.onnx.emit.ForwardReuse;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.fisher.rules.ExampleRules;
import io.squisher.onnx.fisher.rules.RowGradient;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds the trainable form of a graph for one objective. */
public final class TrainableGraphBuilder {
    private static final GradientRules RULES =
            StandardRules.all().with("BatchNormalization", new BatchStatisticsRule());

    private final TrainingMode mode;
    private final GraphValues values;
    private final String output;
    private final Objective objective;
    private final Set<String> fed;

    /**
     * @param mode the graph, with what is different while it trains
     * @param output the value that the likelihood takes
     * @param fed the initializers that become inputs
     */
    public TrainableGraphBuilder(TrainingMode mode, String output, Objective objective, Set<String> fed) {
        this.mode = mode;
        this.values = mode.values();
        this.output = output;
        this.objective = objective;
        this.fed = Set.copyOf(fed);
    }

    /** The parameters among {@code candidates} from which a gradient can reach the output. */
    public Set<String> reachable(Set<String> candidates) {
        ReverseMode reverse = new ReverseMode(values, RULES, new Ops(new Emitter(Set.of())));
        Set<String> found = new LinkedHashSet<>(candidates);
        found.retainAll(reverse.reaching(output, values.graph().nodes()));
        return found;
    }

    /** The graph that gives loss and hits without gradients. */
    public TrainableGraph forward() {
        return new Draft().finish();
    }

    /** The graph that gives the gradients of {@code parameters} as well. */
    public TrainableGraph gradients(Set<String> parameters) {
        Draft draft = new Draft();
        draft.differentiate(parameters);
        return draft.finish();
    }

    private final class Draft {
        private final Graph graph = values.graph().reaching(Set.of(output));
        private final Emitter emitter = new Emitter(values.shapes().keySet());
        private final Ops ops = new Ops(emitter);
        private final Value f = new Value(output, values.shape(output).ofBatch());
        private final LikelihoodHead.Fed labels = objective.head().asInputs();
        private final ReverseMode reverse = new ReverseMode(values, RULES, ops);
        private final Map<String, String> gradients = new LinkedHashMap<>();
        private final Map<String, List<TrainableGraph.Rows>> rows = new LinkedHashMap<>();
        private final List<Node> named = new ArrayList<>();
        private final List<ValueInfoProto> declared = new ArrayList<>();

        private void differentiate(Set<String> parameters) {
            emitter.scope("objective");
            Value seed = objective.gradient(ops, f, labels);
            reverse.seed(output, new Value(seed.name(), values.shape(output)));
            Map<String, List<Node>> tables = lookUps(parameters);
            Set<String> active = new HashSet<>(reverse.reachedFrom(parameters, graph.nodes()));
            active.removeAll(tables.keySet());
            reverse.run(graph.nodes(), active);
            for (String parameter : graph.lastUsedFirst(parameters)) {
                if (tables.containsKey(parameter)) {
                    tables.get(parameter).forEach(node -> addRows(parameter, node));
                } else {
                    reverse.gradient(parameter).ifPresent(gradient -> addGradient(parameter, gradient));
                }
            }
        }

        /** The parameters that nothing but look-ups of examples' rows reads, with those. */
        private Map<String, List<Node>> lookUps(Set<String> parameters) {
            Map<String, List<Node>> found = new LinkedHashMap<>();
            Set<String> others = new HashSet<>();
            for (Node node : graph.nodes()) {
                others.addAll(node.captured());
                for (int i = 0; i < node.inputs().size(); i++) {
                    String input = node.input(i);
                    if (i == 0 && parameters.contains(input) && isLookUp(node)) {
                        found.computeIfAbsent(input, missing -> new ArrayList<>())
                                .add(node);
                    } else {
                        others.add(input);
                    }
                }
            }
            found.keySet().removeAll(others);
            return found;
        }

        private boolean isLookUp(Node node) {
            return node.domain().isEmpty()
                    && node.op().equals("Gather")
                    && Axes.fromFirst(
                                    node.attributes().integer("axis", 0),
                                    values.shape(node.input(0)).rank())
                            == 0
                    && values.shape(node.input(1)).hasExamples();
        }

        private void addGradient(String parameter, Value gradient) {
            long[] dims = values.shape(parameter).dims().stream()
                    .mapToLong(io.squisher.onnx.graph.Dim::factor)
                    .toArray();
            String name = named("squisher.gradient/" + parameter, gradient);
            declared.add(ModelBuilder.input(name, DataType.FLOAT_VALUE, dims));
            gradients.put(parameter, name);
        }

        private void addRows(String parameter, Node node) {
            List<Value> arrived = reverse.outputGradients(node);
            if (arrived.get(0) == null) {
                return;
            }
            emitter.scope("rows/" + node.name());
            RuleContext context = new RuleContext(node, values, arrived, position -> position == 0, ops);
            RowGradient gradient = (RowGradient)
                    ExampleRules.ALL.get("Gather").apply(context, 0).orElseThrow();
            List<TrainableGraph.Rows> outputs = rows.computeIfAbsent(parameter, missing -> new ArrayList<>());
            String name = "squisher.rows/" + parameter + "/" + outputs.size();
            outputs.add(new TrainableGraph.Rows(
                    free(named(name + "/indices", gradient.indices())),
                    free(named(name + "/gradients", gradient.gradients()))));
        }

        /** An output of a type that ONNX Runtime finds out: indices may be of two. */
        private String free(String name) {
            declared.add(ValueInfoProto.newBuilder().setName(name).build());
            return name;
        }

        private String named(String name, Value value) {
            named.add(new Node(name, "Identity", "", List.of(value.name()), List.of(name), Attributes.NONE));
            return name;
        }

        private TrainableGraph finish() {
            emitter.scope("objective");
            free(named(TrainableGraph.LOSS, objective.loss(ops, f, labels)));
            free(named(TrainableGraph.HITS, objective.hits(ops, f, labels)));
            free(named(TrainableGraph.LOGITS, f));
            Map<String, String> statistics = new LinkedHashMap<>();
            List<Node> forward = mode.forward(graph.nodes());
            mode.statistics(graph.nodes())
                    .forEach((buffer, value) ->
                            statistics.put(buffer, free(named("squisher.statistics/" + buffer, value))));
            ForwardReuse reuse = new ForwardReuse(forward, emitter.nodes());
            Map<String, TensorProto> stored = new LinkedHashMap<>(graph.initializers());
            stored.keySet().removeAll(fed);
            List<ValueInfoProto> inputs = new ArrayList<>(graph.inputs());
            fed.stream().sorted().forEach(name -> inputs.add(declaration(name)));
            mode.masks()
                    .forEach((name, mask) -> inputs.add(ModelBuilder.input(
                            name,
                            DataType.FLOAT_VALUE,
                            mask.shape().dims().stream()
                                    .mapToLong(dim -> dim.perExample() ? -1 : dim.factor())
                                    .toArray())));
            ModelBuilder model = new ModelBuilder()
                    .nodes(reuse.forward())
                    .nodes(reuse.emitted())
                    .nodes(named)
                    .initializers(stored)
                    .initializers(graph.constants())
                    .initializers(mode.constants())
                    .initializers(emitter.constants())
                    .inputs(inputs)
                    .inputs(List.of(
                            objective.head().labelInput(LikelihoodHead.LABELS),
                            objective.head().maskInput(LikelihoodHead.MASK)))
                    .declaredOutputs(declared);
            return new TrainableGraph(model.build(), gradients, rows, statistics, mode.masks());
        }

        private ValueInfoProto declaration(String weight) {
            long[] dims = graph.initializers().get(weight).getDimsList().stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            return ModelBuilder.input(weight, DataType.FLOAT_VALUE, dims);
        }
    }
}
