package io.squisher.onnx.autodiff.rules.control;

import io.squisher.onnx.autodiff.GradientRules;
import io.squisher.onnx.autodiff.ReverseMode;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Scan;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.Steps;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes gradients back through the steps of a Scan, from the last to the first: each step is computed again from the states
 * before it and differentiated by the engine. The gradients of the states go from step to step; those of slices are kept;
 * those of what the steps read from around them are added up.
 */
public final class StepGradients {
    private final RuleContext context;
    private final GradientRules rules;
    private final Steps steps;
    private final List<String> reads;
    private final Ops ops;

    /** The states that are floating-point numbers. */
    private final List<Integer> carried = new ArrayList<>();

    /** The values kept of each step at which a gradient arrives. */
    private final List<Integer> arriving = new ArrayList<>();

    /**
     * @param rules of what the steps are made of
     */
    public StepGradients(RuleContext context, GradientRules rules) {
        this.context = context;
        this.rules = rules;
        this.steps = Steps.of(context.node());
        this.reads = context.node().reads();
        this.ops = context.ops();
        for (int state = 0; state < steps.states(); state++) {
            if (isFloating(steps.input(state))) {
                carried.add(state);
            }
        }
        for (int kept = 0; kept < steps.kept(); kept++) {
            if (context.dy(steps.states() + kept).isPresent()) {
                arriving.add(steps.states() + kept);
            }
        }
    }

    /** A step that was computed again and differentiated. */
    public record Reversed(ReverseMode reverse, GraphValues values, Ops ops) {}

    /** What is taken from each step. */
    public interface Wanted {
        /**
         * The values that lie on the way of gradients.
         *
         * @param values of the step
         * @param states that go from step to step
         * @param targets whose gradients are wanted besides
         */
        Set<String> active(GraphValues values, Set<String> states, Set<String> targets);

        /** The shape of the gradient at a value. */
        TensorShape shape(TensorShape value);

        /** The gradient at a value of {@link #shape}; empty where none arrives. */
        Optional<Value> gradient(Reversed step, String value);
    }

    /** Whether a read position is a slice of each step. */
    public boolean isSlice(int position) {
        return position >= steps.states() && position < inputs();
    }

    private int inputs() {
        return context.node().inputs().size();
    }

    private boolean isFloating(String inside) {
        return context.values().isFloating(Steps.outside(inside));
    }

    /**
     * The gradients at positions of {@link Node#reads()}: of an initial state, {@code [T, …]} of a slice, and the sum over
     * the steps of anything else.
     *
     * @param positions of slices and of what is read from around
     */
    public Map<Integer, Value> at(Set<Integer> positions, Wanted wanted) {
        List<Integer> slices = positions.stream().filter(this::isSlice).sorted().toList();
        List<Integer> captured = positions.stream()
                .filter(position -> position >= inputs())
                .sorted()
                .toList();
        List<Value> first = new ArrayList<>();
        Value like = context.outputGradients().stream()
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElseThrow();
        for (int state : carried) {
            first.add(
                    context.dy(state).orElseGet(() -> ops.zeros(context.x(state).shape(), like)));
        }
        captured.forEach(
                position -> first.add(ops.zeros(wanted.shape(context.x(position).shape()), like)));
        List<Value> sliced = new ArrayList<>();
        for (int state = 0; state < steps.states(); state++) {
            sliced.add(context.y(steps.states() + steps.kept() + state));
        }
        for (int position = steps.states(); position < inputs(); position++) {
            sliced.add(context.x(position));
        }
        arriving.forEach(output -> sliced.add(context.dy(output).get()));

        Scan.Result all = Scan.run(
                ops, true, first, sliced, (inner, states, of) -> step(inner, states, of, slices, captured, wanted));
        Map<Integer, Value> gradients = new HashMap<>();
        for (int i = 0; i < carried.size(); i++) {
            gradients.put(carried.get(i), all.states().get(i));
        }
        for (int i = 0; i < captured.size(); i++) {
            gradients.put(captured.get(i), all.states().get(carried.size() + i));
        }
        for (int i = 0; i < slices.size(); i++) {
            gradients.put(slices.get(i), all.collected().get(i));
        }
        return gradients;
    }

    private Scan.Result step(
            Ops inner,
            List<Value> states,
            List<Value> of,
            List<Integer> slices,
            List<Integer> captured,
            Wanted wanted) {
        Reversed step = again(inner, of);
        for (int i = 0; i < carried.size(); i++) {
            step.reverse().seed(steps.output(carried.get(i)), states.get(i));
        }
        for (int i = 0; i < arriving.size(); i++) {
            step.reverse().seed(steps.output(arriving.get(i)), of.get(inputs() + i));
        }
        Set<String> through = new HashSet<>();
        carried.forEach(state -> through.add(of.get(state).name()));
        Set<String> targets = new HashSet<>();
        slices.forEach(position -> targets.add(of.get(position).name()));
        captured.forEach(position -> targets.add(reads.get(position)));
        step.reverse().run(step.values().graph().nodes(), wanted.active(step.values(), through, targets));

        List<Value> before = new ArrayList<>();
        for (int state : carried) {
            Value value = of.get(state);
            before.add(step.reverse().gradient(value.name()).orElseGet(() -> inner.zeros(value.shape(), value)));
        }
        for (int i = 0; i < captured.size(); i++) {
            Value sum = states.get(carried.size() + i);
            before.add(wanted.gradient(step, reads.get(captured.get(i)))
                    .map(gradient -> inner.add(sum, gradient))
                    .orElse(sum));
        }
        List<Value> kept = new ArrayList<>();
        for (int position : slices) {
            TensorShape shape = wanted.shape(of.get(position).shape());
            kept.add(wanted.gradient(step, of.get(position).name()).orElseGet(() -> inner.zeros(shape, states.get(0))));
        }
        return new Scan.Result(before, kept);
    }

    /** Writes the step, which reads this step's states and slices. */
    private Reversed again(Ops inner, List<Value> of) {
        Map<String, String> names = new HashMap<>();
        Map<String, TensorShape> shapes = new HashMap<>(context.values().shapes());
        Set<String> floating = new HashSet<>(context.values().floating());
        for (int i = 0; i < inputs(); i++) {
            names.put(steps.input(i), of.get(i).name());
            shapes.put(of.get(i).name(), of.get(i).shape());
            if (isFloating(steps.input(i))) {
                floating.add(of.get(i).name());
            }
        }
        Graph outer = context.values().graph();
        Map<String, TensorProto> constants = new HashMap<>(outer.constants());
        List<Node> nodes = new ArrayList<>();
        for (NodeProto proto : steps.body().getNodeList()) {
            Node node = Node.of(proto, nodes.size()).reading(name -> names.getOrDefault(name, name));
            nodes.add(node);
            for (String output : node.outputs()) {
                String outside = Steps.outside(output);
                Optional.ofNullable(context.values().shapes().get(outside))
                        .ifPresent(shape -> shapes.put(output, shape));
                Optional.ofNullable(outer.constants().get(outside)).ifPresent(value -> constants.put(output, value));
                if (context.values().isFloating(outside)) {
                    floating.add(output);
                }
            }
        }
        inner.emitter().copies(nodes);
        Graph graph = new Graph(nodes, outer.initializers(), constants, outer.inputs(), outer.outputs());
        GraphValues values = new GraphValues(graph, shapes, floating);
        return new Reversed(new ReverseMode(values, rules, inner), values, inner);
    }
}
