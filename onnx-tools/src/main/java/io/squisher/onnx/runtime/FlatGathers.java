package io.squisher.onnx.runtime;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gather from a whole batch flattened to one axis, as exporters write a strided view: {@code Gather(Reshape(X, [-1]), I)}. Where
 * {@code I[n, j] = n K + B[j]} with the K elements of an example and {@code 0 ≤ B[j] < K}, it is {@code Gather(Reshape(X, [N,
 * K]), B)} along the second axis, which keeps examples apart.
 *
 * <p>The indices follow from shapes alone. They are computed for two and for three examples, and compared number by number.
 */
public final class FlatGathers {
    private static final int FEW = 2;
    private static final int MORE = 3;

    private final Graph graph;
    private final RuntimeSettings settings;
    private final SharedWeights weights;

    private FlatGathers(Graph graph, RuntimeSettings settings, SharedWeights weights) {
        this.graph = graph;
        this.settings = settings;
        this.weights = weights;
    }

    /** A Gather with the Reshape before it. */
    private record Flat(Node gather, Node reshape) {
        String indices() {
            return gather.input(1);
        }

        /** The values before they were flattened. */
        String data() {
            return reshape.input(0);
        }

        String dims() {
            return gather.name() + "/dims";
        }
    }

    /**
     * The graph with each such Gather within the examples; as it is where there are none.
     *
     * @param batches the graph's inputs for a number of examples from one on
     * @param freed whether the graph is one of a single example whose batch axis was freed, so that indices are of one
     */
    public static Graph withinExamples(
            Graph graph, ShapeProbe.Batches batches, boolean freed, RuntimeSettings settings, SharedWeights weights) {
        try {
            Graph result = graph;
            if (freed) {
                result = new FlatGathers(result, settings, weights).ofOneExample(batches);
            }
            return new FlatGathers(result, settings, weights).ofBatches(batches);
        } catch (SquisherException e) {
            // A graph that does not run; whoever measures it says why.
            return graph;
        }
    }

    private List<Flat> found() {
        GraphValues values = new GraphValues(graph, Map.of(), Set.of());
        Map<String, Node> producers = graph.producers();
        List<Flat> found = new ArrayList<>();
        for (Node node : graph.nodes()) {
            boolean first = node.op().equals("Gather")
                    && node.domain().isEmpty()
                    && node.attributes().integer("axis", 0) == 0;
            Node before = first ? producers.get(node.input(0)) : null;
            if (before != null
                    && flattens(before)
                    && values.followsFromShapes(node.input(1))
                    && !values.followsFromShapes(before.input(0))) {
                found.add(new Flat(node, before));
            }
        }
        return found;
    }

    private boolean flattens(Node node) {
        return node.op().equals("Reshape")
                && node.domain().isEmpty()
                && graph.stored(node.input(1))
                        .map(OnnxTensors::read)
                        .filter(shape -> shape.size() == 1 && shape.toLongs()[0] == -1)
                        .isPresent();
    }

    /** Indices that were made for one example, as the graph was exported: those are the places within each. */
    private Graph ofOneExample(ShapeProbe.Batches batches) {
        List<Flat> found = found();
        Set<String> computed = computed(found);
        Map<String, Tensor> few = run(List.of(), computed, batches, FEW);
        Map<String, Tensor> more = run(List.of(), computed, batches, MORE);
        Map<Node, Rows> rows = new LinkedHashMap<>();
        for (Flat flat : found) {
            Tensor indices = value(flat.indices(), few);
            Tensor again = value(flat.indices(), more);
            boolean ofOne = indices.shape().rank() > 0
                    && indices.shape().dim(0) == 1
                    && indices.shape().equals(again.shape())
                    && Arrays.equals(indices.toLongs(), again.toLongs());
            if (ofOne && Arrays.stream(indices.toLongs()).allMatch(index -> index >= 0)) {
                rows.put(flat.gather(), new Rows(flat, 1, indices));
            }
        }
        return written(rows);
    }

    private Graph ofBatches(ShapeProbe.Batches batches) {
        List<Flat> found = found().stream()
                .filter(flat -> graph.stored(flat.indices()).isEmpty())
                .toList();
        if (found.isEmpty()) {
            return graph;
        }
        List<Node> sizes = found.stream()
                .map(flat ->
                        new Node(flat.dims(), "Shape", "", List.of(flat.data()), List.of(flat.dims()), Attributes.NONE))
                .toList();
        Set<String> wanted = computed(found);
        found.forEach(flat -> wanted.add(flat.dims()));
        Map<String, Tensor> few = run(sizes, wanted, batches, FEW);
        Map<String, Tensor> more = run(sizes, wanted, batches, MORE);
        Map<Node, Rows> rows = new LinkedHashMap<>();
        for (Flat flat : found) {
            long[] dims = few.get(flat.dims()).toLongs();
            long[] others = more.get(flat.dims()).toLongs();
            if (!ofExamples(dims, FEW) || !ofExamples(others, MORE)) {
                continue;
            }
            long size = Arrays.stream(dims).skip(1).reduce(1, Math::multiplyExact);
            Optional<long[]> first = ofExample(few.get(flat.indices()), FEW, size);
            Optional<long[]> same = ofExample(more.get(flat.indices()), MORE, size);
            if (first.isPresent() && same.isPresent() && Arrays.equals(first.get(), same.get())) {
                Tensor indices = few.get(flat.indices());
                long[] shape = indices.shape().dims();
                shape[0] /= FEW;
                rows.put(flat.gather(), new Rows(flat, shape[0], Tensor.of(Shape.of(shape), first.get())));
            }
        }
        return written(rows);
    }

    private static boolean ofExamples(long[] dims, int examples) {
        return dims.length > 0 && dims[0] == examples;
    }

    /** The indices of the first example, where those of each other are the same, moved on by the size of an example. */
    private static Optional<long[]> ofExample(Tensor indices, int examples, long size) {
        if (indices.shape().rank() == 0 || indices.shape().dim(0) % examples != 0) {
            return Optional.empty();
        }
        long[] all = indices.toLongs();
        int count = all.length / examples;
        for (int i = 0; i < all.length; i++) {
            long within = all[i] - i / count * size;
            if (within != all[i % count] || within < 0 || within >= size) {
                return Optional.empty();
            }
        }
        return Optional.of(Arrays.copyOf(all, count));
    }

    private Set<String> computed(List<Flat> found) {
        return found.stream()
                .map(Flat::indices)
                .filter(indices -> graph.stored(indices).isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Tensor value(String name, Map<String, Tensor> run) {
        return graph.stored(name).map(OnnxTensors::read).orElseGet(() -> run.get(name));
    }

    private Map<String, Tensor> run(List<Node> more, Set<String> wanted, ShapeProbe.Batches batches, int examples) {
        if (wanted.isEmpty()) {
            return Map.of();
        }
        List<Node> nodes = new ArrayList<>(graph.reaching(among(more, wanted)).nodes());
        nodes.addAll(more);
        ModelBuilder builder = new ModelBuilder()
                .nodes(nodes)
                .initializers(graph.initializers())
                .initializers(graph.constants())
                .inputs(graph.inputs())
                .outputs(wanted);
        try (InferenceSession session = InferenceSession.createForFewRuns(builder.build(), settings, weights)) {
            Map<String, Tensor> fed = new HashMap<>(batches.of(0, examples));
            fed.keySet().retainAll(session.inputs());
            return session.run(fed, wanted);
        }
    }

    private static Set<String> among(List<Node> more, Set<String> wanted) {
        Set<String> all = new LinkedHashSet<>(wanted);
        more.forEach(node -> all.addAll(node.inputs()));
        return all;
    }

    /**
     * A Gather within examples.
     *
     * @param parts how many the first axis of the result has of each example
     * @param indices {@code [parts, …]}
     */
    private record Rows(Flat flat, long parts, Tensor indices) {
        /** The nodes in the Gather's place; their constants are put into {@code constants}. */
        List<Node> nodes(Map<String, TensorProto> constants) {
            Node gather = flat.gather();
            String rows = gather.name() + "/rows";
            long[] dims = indices.shape().dims();
            long[] places = parts == 1 ? Arrays.copyOfRange(dims, 1, dims.length) : dims;
            String picked = parts == 1 ? gather.output(0) : gather.name() + "/picked";
            List<Node> nodes = new ArrayList<>();
            nodes.add(new Node(
                    rows,
                    "Reshape",
                    "",
                    List.of(flat.data(), constant(constants, rows + "/shape", Tensor.of(Shape.of(2), 0L, -1L))),
                    List.of(rows),
                    Attributes.NONE));
            String within = constant(constants, rows + "/indices", Tensor.of(Shape.of(places), indices.toLongs()));
            nodes.add(new Node(
                    gather.name(),
                    "Gather",
                    "",
                    List.of(rows, within),
                    List.of(picked),
                    Attributes.NONE.with("axis", 1L)));
            if (parts != 1) {
                long[] shape = dims.clone();
                shape[0] = -1;
                nodes.add(new Node(
                        picked + "/parts",
                        "Reshape",
                        "",
                        List.of(
                                picked,
                                constant(constants, picked + "/shape", Tensor.of(Shape.of(shape.length), shape))),
                        List.of(gather.output(0)),
                        Attributes.NONE));
            }
            return nodes;
        }

        private static String constant(Map<String, TensorProto> constants, String name, Tensor value) {
            constants.put(name, OnnxTensors.write(name, value));
            return name;
        }
    }

    /** What computed indices is left out, since nobody reads them. */
    private Graph written(Map<Node, Rows> rows) {
        if (rows.isEmpty()) {
            return graph;
        }
        Map<String, TensorProto> constants = new LinkedHashMap<>(graph.constants());
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Rows within = rows.get(node);
            nodes.addAll(within == null ? List.of(node) : within.nodes(constants));
        }
        Set<String> outputs =
                graph.outputs().stream().map(ValueInfoProto::getName).collect(Collectors.toSet());
        return new Graph(nodes, graph.initializers(), constants, graph.inputs(), graph.outputs()).reaching(outputs);
    }
}
