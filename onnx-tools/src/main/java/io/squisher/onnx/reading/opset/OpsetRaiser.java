package io.squisher.onnx.reading.opset;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.stored.Float32;
import io.squisher.onnx.shape.ConstantFolder;
import io.squisher.onnx.shape.KnownValues;
import io.squisher.onnx.shape.ShapeDependence;
import io.squisher.onnx.shape.ShapeValues;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Collects nodes, each brought to standard operators of the target opset by the adapters that apply to it. */
public final class OpsetRaiser {
    /** A boolean scalar. */
    public static final Tensor TRUE = Tensor.of(ElementType.BOOL, Shape.of(), ByteBuffer.wrap(new byte[] {1}));

    private final List<AdapterTable> tables;
    private final Set<String> taken;
    private final Map<String, TensorProto> initializers;
    private final Map<String, TensorProto> constants = new LinkedHashMap<>();
    private final Map<String, SequenceValue> sequences = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final KnownValues known = new KnownValues(this::storedProto);
    private final ShapeValues shapes = new ShapeValues(known::dims, this::stored);
    private ShapeOracle oracle = ShapeOracle.SILENT;
    private List<ValueInfoProto> inputs = List.of();
    private int opset;

    /**
     * @param opset the file's version of the default domain
     * @param taken the value names in use
     * @param tables where adapters are looked for, the first hit counts
     */
    public OpsetRaiser(int opset, Set<String> taken, Map<String, TensorProto> initializers, List<AdapterTable> tables) {
        this.opset = opset;
        this.taken = new HashSet<>(taken);
        this.initializers = initializers;
        this.tables = List.copyOf(tables);
    }

    /**
     * Adds a node of the file; what it reads must have been added before.
     *
     * @throws SquisherException if the operator is of another domain and no adapter knows it
     */
    public void add(Node node) {
        // Before opset 6 operators listed the inputs that may be overwritten, which means nothing here.
        Node plain = node.withAttributes(node.attributes().without("consumed_inputs"));
        for (AdapterTable table : tables) {
            Optional<NodeAdapter> adapter = table.find(plain, opset);
            if (adapter.isPresent()) {
                raise(plain, adapter.get());
                return;
            }
        }
        if (!node.domain().isEmpty()) {
            throw foreign(node);
        }
        emit(plain);
    }

    private void raise(Node node, NodeAdapter adapter) {
        try {
            adapter.raise(node, this);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            throw new SquisherException(
                    node + " is not as the standard says: an input or an attribute is missing, or has"
                            + " another number of elements",
                    e);
        }
    }

    private static SquisherException foreign(Node node) {
        if (node.domain().equals("ai.onnx.ml")) {
            return new SquisherException(
                    node.op().startsWith("Tree")
                            ? node
                                    + " is made of decision trees, whose output is flat almost everywhere: there is no gradient"
                                    + " of it, and no Fisher of its numbers"
                            : node
                                    + " is an operator of the domain 'ai.onnx.ml' for classical models, of which no gradient is"
                                    + " known here; a linear or kernel model written with MatMul and Add has one");
        }
        return new SquisherException(node + " is an operator of the domain '" + node.domain()
                + "', which this release does not know; export the model with standard operators only");
    }

    /** Adds nodes that are written for another version of the default domain. */
    public void addAll(List<Node> others, int theirOpset) {
        int own = opset;
        opset = theirOpset;
        try {
            others.forEach(this::add);
        } finally {
            opset = own;
        }
    }

    /** Adds a node that is at the target opset; one of known integers becomes a constant. */
    public void emit(Node node) {
        Optional<TensorProto> folded = ConstantFolder.fold(node, this::stored);
        if (folded.isPresent()) {
            constant(node.output(0), folded.get());
        } else {
            Node computed = Float32.of(node);
            nodes.add(computed);
            known.add(computed);
            shapes.add(computed);
        }
    }

    /** Adds a node at the target opset that makes a new value, for use by the {@code origin} node's replacement. */
    public String emit(Node origin, String op, List<String> inputs, Attributes attributes) {
        return emit(origin, op, inputs, attributes, 1).get(0);
    }

    /** As {@link #emit(Node, String, List, Attributes)}, with several outputs. */
    public List<String> emit(Node origin, String op, List<String> inputs, Attributes attributes, int count) {
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            outputs.add(fresh(origin.name() + "/" + op));
        }
        emit(new Node(outputs.get(0), op, "", inputs, outputs, attributes));
        return outputs;
    }

    /** The version of the default domain that nodes are written for at present. */
    public int opset() {
        return opset;
    }

    /** Makes {@code name} a constant. */
    public void constant(String name, TensorProto value) {
        constants.put(name, Float32.of(value).toBuilder().setName(name).build());
    }

    /** A new constant that {@code origin}'s replacement reads. */
    public String constant(Node origin, String role, Tensor value) {
        String name = fresh(origin.name() + "/" + role);
        constants.put(name, OnnxTensors.write(name, value));
        return name;
    }

    /** The value of a name that is known before the graph runs. */
    public Optional<Tensor> stored(String name) {
        return storedProto(name).map(OnnxTensors::read);
    }

    /** The value of a name that is stored or follows from shapes. */
    public Optional<Tensor> decided(String name) {
        return shapes.value(name).or(() -> oracle.value(soFar(), name));
    }

    /** An input or a node whose elements a value depends on; empty where it follows from sizes. */
    public Optional<String> cause(String name) {
        return new ShapeDependence(soFar()).cause(name);
    }

    private Graph soFar() {
        return new Graph(nodes, initializers, constants, inputs, List.of());
    }

    /** Asks {@code newOracle} for what the declarations do not tell; {@code fed} are the inputs that have no value. */
    public void ask(ShapeOracle newOracle, List<ValueInfoProto> fed) {
        oracle = newOracle;
        inputs = fed;
    }

    /** The elements of a sequence, where they are known. */
    public Optional<SequenceValue> sequence(String name) {
        return Optional.ofNullable(sequences.get(name));
    }

    /** Says what is in the sequence {@code name}. */
    public void sequence(String name, SequenceValue elements) {
        sequences.put(name, elements);
    }

    /** Makes {@code name} the same value, or the same sequence, as {@code other}. */
    public void same(Node origin, String name, String other) {
        if (sequences.containsKey(other)) {
            sequences.put(name, sequences.get(other));
        } else {
            emit(new Node(origin.name() + "/" + name, "Identity", "", List.of(other), List.of(name), Attributes.NONE));
        }
    }

    /** Does something while nothing is asked: what is found for one step would be taken for all. */
    public <R> R withoutOracle(Supplier<R> action) {
        ShapeOracle asked = oracle;
        oracle = ShapeOracle.SILENT;
        try {
            return action.get();
        } finally {
            oracle = asked;
        }
    }

    private Optional<TensorProto> storedProto(String name) {
        return Optional.ofNullable(constants.getOrDefault(name, initializers.get(name)));
    }

    /** The number of axes of a value, where the file tells or it follows. */
    public Optional<Integer> rank(String name) {
        return known.rank(name);
    }

    /** The dimensions that the file declares, -1 where one is free; empty where it declares none. */
    public long[] declaredDims(String name) {
        return known.dims(name);
    }

    /** Whether a value is known to be of truth values. */
    public boolean isBoolean(String name) {
        return known.isBoolean(name);
    }

    /** Takes over what the file declares of a value. */
    public void declare(ValueInfoProto info) {
        known.declare(info);
    }

    /** Says that {@code name} has {@code rank} axes. */
    public void declareRank(String name, int rank) {
        known.declareRank(name, rank);
    }

    /** The node that makes a value, as it was raised. */
    public Optional<Node> producer(String name) {
        return nodes.stream().filter(node -> node.outputs().contains(name)).findFirst();
    }

    /** A name that nothing else in the graph has. */
    public String fresh(String hint) {
        String name = hint;
        for (int i = 1; !taken.add(name); i++) {
            name = hint + "_" + i;
        }
        return name;
    }

    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** Constants of the file's Constant nodes, those that adapters made, and those that were folded. */
    public Map<String, TensorProto> constants() {
        return constants;
    }
}
