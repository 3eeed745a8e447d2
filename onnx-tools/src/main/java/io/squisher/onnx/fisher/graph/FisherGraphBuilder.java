package io.squisher.onnx.fisher.graph;

import io.squisher.onnx.autodiff.GradientRules;
import io.squisher.onnx.autodiff.ReverseMode;
import io.squisher.onnx.autodiff.rules.StandardRules;
import io.squisher.onnx.emit.Emitter;
import io.squisher.onnx.emit.ForwardReuse;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.likelihood.LikelihoodHead;
import io.squisher.onnx.fisher.rules.ExampleRules;
import io.squisher.onnx.fisher.rules.RowGradient;
import io.squisher.onnx.fisher.rules.WeightedNorms;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Builds gradient graphs of one model for one likelihood. */
public final class FisherGraphBuilder {
    /**
     * Gradients are computed times this power of two, so that squares of small ones do not vanish in float32: 1e-12
     * squares to 1e-24 here and to 1e-10 there. Taking it out again is exact.
     */
    static final double SCALE = 0x1p24;

    private final GraphValues values;
    private final String output;
    private final LikelihoodHead head;
    private final Seed seed;
    private final int batch;
    private final GraphForm form;
    private final GradientRules rules = StandardRules.all();

    /**
     * @param output the model's output that the likelihood is of
     * @param seed what is taken back from the output
     * @param batch how many examples will run at once
     */
    public FisherGraphBuilder(
            GraphValues values, String output, LikelihoodHead head, Seed seed, int batch, GraphForm form) {
        this.values = values;
        this.output = output;
        this.head = head;
        this.seed = seed;
        this.batch = batch;
        this.form = form;
    }

    /** The part of the graph between parameters and output, and what it writes to. */
    private final class Draft {
        private final Graph graph = values.graph().reaching(Set.of(output));
        private final Emitter emitter = new Emitter(values.shapes().keySet());
        private final Ops ops = new Ops(emitter);
        private final ReverseMode reverse = new ReverseMode(values, rules, ops);
        private final Map<String, String> outputs = new LinkedHashMap<>();
        private final Map<String, ElementOrder> orders = new LinkedHashMap<>();
        private final Map<String, FisherGraph.Rows> rows = new LinkedHashMap<>();
        private final List<Node> named = new ArrayList<>();
        private final List<ValueInfoProto> declared = new ArrayList<>();

        private void walk(Set<String> active) {
            emitter.scope("likelihood");
            Value f = new Value(output, values.shape(output).ofBatch());
            LikelihoodHead.Fed fed = form.fed(ops, head);
            Value gradient = seed.of(head, ops, f, fed);
            reverse.seed(output, new Value(ops.scale(gradient, SCALE).name(), values.shape(output)));
            reverse.run(graph.nodes(), active);
        }

        private void addOutput(String parameter, Value value) {
            emitter.scope("sum/" + parameter);
            ElementOrder.Found sum = form.sum(ops, value);
            String name = named(form.outputName(parameter), sum.value());
            declared.add(ModelBuilder.input(
                    name, DataType.FLOAT_VALUE, sum.order().output().dims()));
            outputs.put(parameter, name);
            orders.put(parameter, sum.order());
        }

        private void addRows(String parameter, RowGradient gradient) {
            emitter.scope("sum/" + parameter);
            Optional<Value> sum = form.sumOfSquares(ops, gradient, values.shape(parameter));
            if (sum.isPresent()) {
                addOutput(parameter, sum.get());
                return;
            }
            String name = form.outputName(parameter);
            FisherGraph.Rows names = new FisherGraph.Rows(
                    named(name + "/indices", gradient.indices()), named(name + "/gradients", gradient.gradients()));
            // Of a type that ONNX Runtime finds out: indices may be of two.
            declared.add(ValueInfoProto.newBuilder().setName(names.indices()).build());
            declared.add(ValueInfoProto.newBuilder().setName(names.gradients()).build());
            rows.put(parameter, names);
        }

        private void addNorms(String parameter, Value norms) {
            String name = named("squisher.examples/" + parameter, norms);
            declared.add(ValueInfoProto.newBuilder().setName(name).build());
            outputs.put(parameter, name);
        }

        /** The weights of a parameter's elements; empty for ones. */
        private Optional<Value> weights(String parameter, Map<String, Tensor> weights) {
            return Optional.ofNullable(weights.get(parameter))
                    .map(tensor -> ops.reshape(emitter.constant(tensor), values.shape(parameter)));
        }

        private String named(String name, Value value) {
            named.add(new Node(name, "Identity", "", List.of(value.name()), List.of(name), Attributes.NONE));
            return name;
        }

        private FisherGraph finish(Map<String, String> paths, Map<String, String> singleExamples) {
            ForwardReuse reuse = new ForwardReuse(graph.nodes(), emitter.nodes());
            ModelBuilder model = new ModelBuilder()
                    .nodes(reuse.forward())
                    .nodes(reuse.emitted())
                    .nodes(named)
                    .initializers(graph.initializers())
                    .initializers(graph.constants())
                    .initializers(emitter.constants())
                    .inputs(graph.inputs())
                    .inputs(form.inputs(head))
                    .declaredOutputs(declared)
                    .description(form.description());
            return new FisherGraph(model.build(), outputs, orders, rows, paths, singleExamples, SCALE);
        }
    }

    /** Whether the exact Fisher of these parameters is one pass, {@link Seed#ALL_PASSES}. */
    public boolean isOnePass(Set<String> parameters) {
        return LastLayer.parameters(values, output).containsAll(parameters);
    }

    /** The initializers among {@code candidates} from which a gradient can reach the output. */
    public Set<String> reachable(Set<String> candidates) {
        ReverseMode reverse = new ReverseMode(values, rules, new Ops(new Emitter(Set.of())));
        Set<String> found = new LinkedHashSet<>(candidates);
        found.retainAll(reverse.reaching(output, values.graph().nodes()));
        return found;
    }

    /** A graph of {@code Σ_n g_n²} for each parameter that has a per-example way. */
    public FisherGraph squares(Set<String> parameters) {
        return ofExamples(parameters, (squares, draft, parameter) -> squares.of(parameter));
    }

    /**
     * A graph of {@code Σ_j w_j g_nj²}, one number for each example {@code [N]}, for each parameter that has a per-example way.
     *
     * @param weights w by parameter, in its shape; ones where there are none
     */
    public FisherGraph norms(Set<String> parameters, Map<String, Tensor> weights) {
        return ofExamples(
                parameters, (squares, draft, parameter) -> squares.norms(parameter, draft.weights(parameter, weights)));
    }

    /** What is wanted of the examples' gradients for a parameter. */
    @FunctionalInterface
    private interface Wanted {
        ParameterSquares.Result of(ParameterSquares squares, Draft draft, String parameter);
    }

    private FisherGraph ofExamples(Set<String> parameters, Wanted wanted) {
        DependencyAnalysis dependencies = DependencyAnalysis.of(values, rules, parameters, output);
        Draft draft = new Draft();
        draft.walk(dependencies.perExample());
        UseGradients uses = new UseGradients(values, rules, ExampleRules.ALL, draft.reverse, draft.ops);
        ParameterSquares squares = new ParameterSquares(
                values, dependencies, uses, new DerivedGradient(values, rules, draft.ops), draft.ops, batch);
        Map<String, String> paths = new LinkedHashMap<>();
        Map<String, String> singleExamples = new LinkedHashMap<>();
        for (String parameter : values.graph().lastUsedFirst(parameters)) {
            ParameterSquares.Result result = wanted.of(squares, draft, parameter);
            if (result instanceof ParameterSquares.Result.Squares found) {
                draft.addOutput(parameter, found.sumOfSquares());
                paths.put(parameter, found.path());
            } else if (result instanceof ParameterSquares.Result.Rows found) {
                draft.addRows(parameter, found.gradient());
                paths.put(parameter, found.path());
            } else if (result instanceof ParameterSquares.Result.Norms found) {
                draft.addNorms(parameter, found.norms());
                paths.put(parameter, found.path());
            } else if (result instanceof ParameterSquares.Result.NeedsSingleExamples needs) {
                singleExamples.put(parameter, needs.reason());
            } else {
                paths.put(parameter, "no gradient reaches it");
            }
        }
        return draft.finish(paths, singleExamples);
    }

    /** A graph of {@code Σ_n g_n} for each parameter: the ordinary gradient of a batch. */
    public FisherGraph sums(Set<String> parameters) {
        DependencyAnalysis dependencies = DependencyAnalysis.of(values, rules, parameters, output);
        Set<String> active = new HashSet<>(dependencies.perExample());
        active.addAll(dependencies.derived());
        Draft draft = new Draft();
        return gradients(parameters, draft, active, "sum over the batch", draft::addOutput);
    }

    /** As {@link #norms}, of batches of one example, whose gradient is the ordinary one. */
    public FisherGraph normsOfOne(Set<String> parameters, Map<String, Tensor> weights) {
        DependencyAnalysis dependencies = DependencyAnalysis.of(values, rules, parameters, output);
        Set<String> active = new HashSet<>(dependencies.perExample());
        active.addAll(dependencies.derived());
        return normsOfOne(parameters, weights, active, "sum over the batch");
    }

    /** The same for shapes that were measured on one example. */
    public FisherGraph normsOfSingleExample(Set<String> parameters, Map<String, Tensor> weights, String reason) {
        ReverseMode reverse = new ReverseMode(values, rules, new Ops(new Emitter(Set.of())));
        Set<String> active = reverse.reachedFrom(
                parameters, values.graph().reaching(Set.of(output)).nodes());
        return normsOfOne(parameters, weights, active, "one example at a time: " + reason);
    }

    private FisherGraph normsOfOne(
            Set<String> parameters, Map<String, Tensor> weights, Set<String> active, String path) {
        Draft draft = new Draft();
        return gradients(parameters, draft, active, path, (parameter, gradient) -> {
            draft.emitter.scope("sum/" + parameter);
            List<Dim> dims = new ArrayList<>(gradient.shape().dims());
            dims.add(0, Dim.of(1));
            Value ofOne = draft.ops.reshape(gradient, new TensorShape(dims));
            draft.addNorms(parameter, WeightedNorms.of(draft.ops, ofOne, draft.weights(parameter, weights)));
        });
    }

    /** A graph of the gradients of one example, for shapes that were measured on one. */
    public FisherGraph ofSingleExample(Set<String> parameters, String reason) {
        Draft draft = new Draft();
        Set<String> active = draft.reverse.reachedFrom(parameters, draft.graph.nodes());
        return gradients(parameters, draft, active, "one example at a time: " + reason, draft::addOutput);
    }

    private FisherGraph gradients(
            Set<String> parameters, Draft draft, Set<String> active, String path, BiConsumer<String, Value> receiver) {
        draft.walk(active);
        Map<String, String> paths = new LinkedHashMap<>();
        draft.reverse
                .gradients(new LinkedHashSet<>(values.graph().lastUsedFirst(parameters)))
                .forEach((parameter, gradient) -> {
                    receiver.accept(parameter, gradient);
                    paths.put(parameter, path);
                });
        return draft.finish(paths, Map.of());
    }
}
