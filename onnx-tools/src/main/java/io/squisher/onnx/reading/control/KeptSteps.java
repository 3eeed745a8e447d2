package io.squisher.onnx.reading.control;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.Steps;
import io.squisher.onnx.reading.opset.OpsetRaiser;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Keeps a graph that is repeated as one {@linkplain Steps Scan}, so that the size of what is made of it does not grow with
 * the steps. What no step changes is computed once, outside.
 */
final class KeptSteps {
    /** As many are written out: each then is a graph that ONNX Runtime can optimize. */
    private static final long FEW = 8;

    /** Operators whose output grows from step to step where their input does. */
    private static final Set<String> RESIZING = Set.of("Concat", "Pad", "Slice", "Expand", "Tile");

    private static final long FIRST = 0;

    private final Repetition repetition;
    private final Node node;
    private final OpsetRaiser raiser;
    private final Inlining inlining;
    private final List<String> wholes = new ArrayList<>();

    /** The first step's values that others take the place of at the next. */
    private final List<String> changing = new ArrayList<>();

    /** The number of the first step, of a Loop. */
    private Optional<String> number = Optional.empty();

    private KeptSteps(Repetition repetition, OpsetRaiser raiser) {
        this.repetition = repetition;
        this.node = repetition.node();
        this.raiser = raiser;
        Node first =
                new Node(raiser.fresh(node.name() + "/first"), node.op(), "", List.of(), List.of(), Attributes.NONE);
        this.inlining = new Inlining(first, raiser, Map.of());
    }

    /** Writes the steps; returns false where they have to be written out, or are few. */
    static boolean write(Repetition repetition, OpsetRaiser raiser) {
        boolean nested = repetition.body().getNodeList().stream()
                .flatMap(inner -> inner.getAttributeList().stream())
                .anyMatch(AttributeProto::hasG);
        boolean countable = repetition.steps() > FEW && repetition.steps() < Integer.MAX_VALUE;
        return countable
                && !nested
                && AppendedLists.kept(repetition, raiser)
                        .map(steps -> new KeptSteps(steps, raiser).write())
                        .orElse(false);
    }

    private boolean write() {
        List<Node> first;
        try {
            first = raiser.withoutOracle(this::firstStep);
        } catch (SquisherException e) {
            // Something in the body depends on the step.
            return false;
        }
        if (first.isEmpty() || !goesOn() || repetition.kept().stream().anyMatch(this::lacksAxes)) {
            return false;
        }
        List<Node> inner = changing(first);
        List<String> initial = new ArrayList<>();
        for (Repetition.State state : repetition.states()) {
            String after = inlining.outer(state.after());
            if (resizes(inner, after) || !fits(state.initial(), after)) {
                return false;
            }
            initial.add(started(state.initial(), after));
        }
        if (!initial.equals(repetition.initial())) {
            return new KeptSteps(repetition.from(initial), raiser).write();
        }
        scan(inner, initial);
        return true;
    }

    /** The first step, in the graph around; empty where an axis is not known. */
    private List<Node> firstStep() {
        inlining.constants(repetition.body());
        for (Repetition.State state : repetition.states()) {
            // An operator that hides the value, which is another one at the next step.
            bind(
                    state.before(),
                    raiser.emit(node, "CastLike", List.of(state.initial(), state.initial()), Attributes.NONE));
        }
        for (Repetition.Slice slice : repetition.slices()) {
            if (slice.axis() != 0 && raiser.rank(slice.whole()).isEmpty()) {
                return List.of();
            }
            String whole = slice.axis() == 0
                    ? slice.whole()
                    : moved(
                            slice.whole(),
                            slice.axis(),
                            raiser.rank(slice.whole()).get(),
                            true);
            sliced(slice.slice(), slice.backwards() ? reversed(whole) : whole);
        }
        repetition.control().ifPresent(control -> {
            long[] numbers = LongStream.range(0, repetition.steps()).toArray();
            sliced(control.number(), raiser.constant(node, "steps", Tensor.of(Shape.of(numbers.length), numbers)));
            number = Optional.of(inlining.outer(control.number()));
            inlining.bind(control.condition(), raiser.constant(node, "condition", OpsetRaiser.TRUE));
        });
        int before = raiser.nodes().size();
        raiser.addAll(inlining.nodes(repetition.body().getNodeList()), raiser.opset());
        return List.copyOf(raiser.nodes().subList(before, raiser.nodes().size()));
    }

    private void bind(String inner, String outer) {
        inlining.bind(inner, outer);
        changing.add(outer);
    }

    private void sliced(String slice, String whole) {
        wholes.add(whole);
        Tensor one = Tensor.of(ElementType.BOOL, Shape.of(1), ByteBuffer.wrap(new byte[] {1}));
        String first = raiser.emit(
                node,
                "Compress",
                List.of(whole, raiser.constant(node, "first", one)),
                Attributes.NONE.with("axis", 0L));
        raiser.rank(whole).ifPresent(rank -> raiser.declareRank(first, rank));
        String axis = raiser.constant(node, "axes", Tensor.of(Shape.of(1), FIRST));
        bind(slice, raiser.emit(node, "Squeeze", List.of(first, axis), Attributes.NONE));
    }

    private boolean goesOn() {
        return repetition
                .control()
                .map(control -> raiser.withoutOracle(() -> ControlFlow.truth(inlining.outer(control.goesOn()), raiser))
                        .orElse(false))
                .orElse(true);
    }

    /** Those of the nodes that compute something else at another step. */
    private List<Node> changing(List<Node> nodes) {
        Set<String> values = new HashSet<>(changing);
        List<Node> inner = new ArrayList<>();
        for (Node one : nodes) {
            if (picksStep(one, values)) {
                int axis = (int) one.attributes().integer("axis", 0);
                wholes.add(upToLast(one.input(0), axis));
                changing.add(one.output(0));
                values.add(one.output(0));
            } else if (one.inputs().stream().anyMatch(values::contains)) {
                inner.add(one);
                values.addAll(one.outputs());
            }
        }
        values.remove("");
        return inner;
    }

    /** Whether the node takes from a value around the steps what has the number of this one, as PyTorch writes it: a slice. */
    private boolean picksStep(Node one, Set<String> values) {
        return one.op().equals("Gather")
                && number.filter(one.input(1)::equals).isPresent()
                && !values.contains(one.input(0))
                && raiser.stored(one.input(0)).isEmpty()
                && (one.attributes().integer("axis", 0) == 0
                        || raiser.rank(one.input(0)).isPresent());
    }

    /** The first of an axis, as many as there are steps, in front. */
    private String upToLast(String whole, int axis) {
        List<String> inputs = new ArrayList<>(List.of(whole));
        for (long bound : new long[] {0, repetition.steps(), axis}) {
            inputs.add(raiser.constant(node, "used", Tensor.of(Shape.of(1), bound)));
        }
        String used = raiser.emit(node, "Slice", inputs, Attributes.NONE);
        return axis == 0 ? used : moved(used, axis, raiser.rank(whole).get(), true);
    }

    private boolean lacksAxes(Repetition.Kept value) {
        return value.axis() != 0 && raiser.rank(inlining.outer(value.value())).isEmpty();
    }

    private static boolean resizes(List<Node> inner, String after) {
        return inner.stream().anyMatch(one -> one.outputs().contains(after) && RESIZING.contains(one.op()));
    }

    private boolean fits(String initial, String after) {
        long[] from = raiser.declaredDims(initial);
        long[] to = raiser.declaredDims(after);
        return raiser.rank(initial).isEmpty()
                || raiser.rank(after).isEmpty()
                || raiser.rank(initial).equals(raiser.rank(after))
                        && (from.length == 0 || to.length == 0 || Arrays.equals(from, to));
    }

    /** A stored state may have one row for all examples; steps keep their shape, so it gets that of what follows. */
    private String started(String initial, String after) {
        boolean stored = raiser.stored(initial)
                .filter(value -> Arrays.stream(value.shape().dims()).anyMatch(dim -> dim == 1))
                .isPresent();
        if (!stored) {
            return initial;
        }
        String shape = raiser.emit(node, "Shape", List.of(after), Attributes.NONE);
        return raiser.emit(node, "Expand", List.of(initial, shape), Attributes.NONE);
    }

    private void scan(List<Node> inner, List<String> initial) {
        Set<String> own = new HashSet<>(changing);
        inner.forEach(one -> own.addAll(one.outputs()));
        GraphProto.Builder body = GraphProto.newBuilder().setName("steps");
        changing.forEach(name -> body.addInput(named(Steps.inside(name))));
        for (Node one : inner) {
            NodeProto proto = one.toProto();
            NodeProto.Builder renamed = proto.toBuilder().clearInput().clearOutput();
            renamed.setName(Steps.inside(proto.getName()));
            proto.getInputList().forEach(name -> renamed.addInput(own.contains(name) ? Steps.inside(name) : name));
            proto.getOutputList().forEach(name -> renamed.addOutput(name.isEmpty() ? "" : Steps.inside(name)));
            body.addNode(renamed);
        }
        List<String> outputs = new ArrayList<>();
        for (Repetition.State state : repetition.states()) {
            output(body, own, inlining.outer(state.after()));
            outputs.add(state.last().isEmpty() ? raiser.fresh(node.name() + "/last") : state.last());
        }
        List<Repetition.Kept> turned = new ArrayList<>();
        for (Repetition.Kept value : repetition.kept()) {
            String inside = inlining.outer(value.value());
            output(body, own, inside);
            boolean plain =
                    value.axis() == 0 && !value.backwards() && !value.whole().isEmpty();
            String whole = plain ? value.whole() : raiser.fresh(node.name() + "/kept");
            raiser.rank(inside).ifPresent(rank -> raiser.declareRank(whole, rank + 1));
            outputs.add(whole);
            if (!plain && !value.whole().isEmpty()) {
                turned.add(new Repetition.Kept(whole, value.axis(), value.backwards(), value.whole()));
            }
        }
        for (int i = 0; i < initial.size(); i++) {
            output(body, own, changing.get(i));
            outputs.add(raiser.fresh(node.name() + "/before"));
        }
        List<String> inputs = new ArrayList<>(initial);
        inputs.addAll(wholes);
        Attributes attributes = Attributes.NONE.with("body", body.build()).with("num_scan_inputs", wholes.size());
        raiser.emit(new Node(node.name(), "Scan", "", inputs, outputs, attributes));
        turned.forEach(this::turned);
    }

    /** An output of its own name: a value may be handed on and kept, or be of around the body. */
    private static void output(GraphProto.Builder body, Set<String> own, String value) {
        String name = Steps.inside(value) + "/output" + body.getOutputCount();
        body.addNode(NodeProto.newBuilder()
                .setName(name)
                .setOpType("Identity")
                .addInput(own.contains(value) ? Steps.inside(value) : value)
                .addOutput(name));
        body.addOutput(named(name));
    }

    private static ValueInfoProto named(String name) {
        return ValueInfoProto.newBuilder().setName(name).build();
    }

    /** A value that is kept along another axis, or from the last step to the first. */
    private void turned(Repetition.Kept value) {
        String whole = value.backwards() ? reversed(value.value()) : value.value();
        String source = raiser.rank(value.value())
                .filter(rank -> value.axis() != 0)
                .map(rank -> moved(whole, value.axis(), rank, false))
                .orElse(whole);
        raiser.emit(new Node(
                node.name() + "/" + value.whole(),
                "Identity",
                "",
                List.of(source),
                List.of(value.whole()),
                Attributes.NONE));
    }

    private String reversed(String whole) {
        List<String> inputs = new ArrayList<>(List.of(whole));
        for (long bound : new long[] {-1, Long.MIN_VALUE, 0, -1}) {
            inputs.add(raiser.constant(node, "reversed", Tensor.of(Shape.of(1), bound)));
        }
        return raiser.emit(node, "Slice", inputs, Attributes.NONE);
    }

    /** Moves an axis to the front, or the first axis to it. */
    private String moved(String whole, int axis, int rank, boolean toFront) {
        int place = axis < 0 ? axis + rank : axis;
        List<Long> order = new ArrayList<>(LongStream.range(0, rank).boxed().toList());
        if (toFront) {
            order.add(0, order.remove(place));
        } else {
            order.add(place, order.remove(0));
        }
        long[] perm = order.stream().mapToLong(Long::longValue).toArray();
        return raiser.emit(node, "Transpose", List.of(whole), Attributes.NONE.with("perm", perm));
    }
}
