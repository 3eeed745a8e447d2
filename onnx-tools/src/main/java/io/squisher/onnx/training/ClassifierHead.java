package io.squisher.onnx.training;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Adds a linear layer behind a value of a model, in operators that every opset from 7 on has. Its output {@value #OUTPUT} becomes the
 * model's only one. Weights are drawn from a normal distribution of deviation 0.02, biases are 0, as BERT's are.
 */
final class ClassifierHead {
    static final String OUTPUT = "logits";
    static final String WEIGHT = "head.weight";
    static final String BIAS = "head.bias";
    private static final double DEVIATION = 0.02;
    private static final int AXES_AS_INPUT = 13;

    private final OnnxFile file;
    private final GraphProto.Builder graph;
    private final HeadChoice choice;
    private final Set<String> taken = new HashSet<>();

    /**
     * Where a head is added.
     *
     * @param value its name
     * @param shape {@code [N, width]}, or {@code [N, tokens, width]} with a pooling
     */
    record Place(String value, TensorShape shape) {}

    private ClassifierHead(OnnxFile file, Place place, HeadChoice choice) {
        this.file = file;
        this.graph = upTo(place.value(), file.model().getGraph());
        this.choice = choice;
        graph.getInitializerList().forEach(tensor -> taken.add(tensor.getName()));
        graph.getNodeList().forEach(node -> taken.addAll(node.getOutputList()));
    }

    /**
     * The model with a head behind a value.
     *
     * @throws SquisherException if the value has another shape than the pooling takes, or the model has a layer of that name
     *     before it
     */
    static OnnxFile added(OnnxFile file, Place place, HeadChoice choice, long seed, Consumer<String> notices) {
        return new ClassifierHead(file, place, choice).add(place, seed, notices);
    }

    /** What a value is made of: an older head, say, is left out. */
    private static GraphProto.Builder upTo(String value, GraphProto graph) {
        Set<String> needed = new HashSet<>(Set.of(value));
        Deque<NodeProto> kept = new ArrayDeque<>();
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            NodeProto node = graph.getNode(i);
            if (node.getOutputList().stream().anyMatch(needed::contains)) {
                needed.addAll(node.getInputList());
                needed.addAll(Node.of(node, i).captured());
                kept.addFirst(node);
            }
        }
        GraphProto.Builder cut = graph.toBuilder().clearNode().clearInitializer();
        kept.forEach(cut::addNode);
        graph.getInitializerList().stream()
                .filter(tensor -> needed.contains(tensor.getName()))
                .forEach(cut::addInitializer);
        return cut;
    }

    private OnnxFile add(Place place, long seed, Consumer<String> notices) {
        for (String name : List.of(WEIGHT, BIAS, OUTPUT)) {
            if (taken.contains(name)) {
                throw new SquisherException("'" + file.path() + "' has a '" + name + "' before the value '"
                        + place.value() + "'; train it as it is, or choose a value before that");
            }
        }
        String vector = pooled(place.value(), place.shape(), notices);
        int width = Math.toIntExact(place.shape().size(place.shape().rank() - 1));
        Random random = new Random(seed);
        float[] weights = new float[Math.multiplyExact(choice.classes(), width)];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (DEVIATION * random.nextGaussian());
        }
        graph.addInitializer(OnnxTensors.write(WEIGHT, Tensor.of(Shape.of(choice.classes(), width), weights)));
        graph.addInitializer(
                OnnxTensors.write(BIAS, Tensor.of(Shape.of(choice.classes()), new float[choice.classes()])));
        graph.addNode(node("Gemm", OUTPUT, vector, WEIGHT, BIAS).addAttribute(integer("transB", 1)));
        graph.clearOutput()
                .addOutput(
                        io.squisher.onnx.emit.ModelBuilder.input(OUTPUT, DataType.FLOAT_VALUE, -1, choice.classes()));
        ModelProto model = file.model().toBuilder().setGraph(graph).build();
        return new OnnxFile(file.path(), model);
    }

    private String pooled(String value, TensorShape shape, Consumer<String> notices) {
        int rank = choice.pooling() == Pooling.NONE ? 2 : 3;
        if (shape.exampleAxis() != 0 || shape.rank() != rank) {
            throw new SquisherException("a head "
                    + (rank == 2
                            ? "without pooling needs a value [N, width]"
                            : "that pools needs a value [N, tokens, width]")
                    + "; '" + value + "' is " + shape
                    + (rank == 2 && shape.rank() == 3 ? ", pool its tokens with mean or first" : "")
                    + ("; 'squisher inspect --graph MODEL' lists the values"));
        }
        return switch (choice.pooling()) {
            case NONE -> value;
            case FIRST -> first(value);
            case MEAN -> mean(value, notices);
        };
    }

    private String first(String value) {
        graph.addInitializer(OnnxTensors.write("head.first", Tensor.of(Shape.of(), 0L)));
        graph.addNode(node("Gather", "head.vector", value, "head.first").addAttribute(integer("axis", 1)));
        return "head.vector";
    }

    /** A product with the mask as a row: it reads the tokens once. */
    private String mean(String value, Consumer<String> notices) {
        boolean masked =
                graph.getInputList().stream().map(ValueInfoProto::getName).anyMatch(choice.mask()::equals);
        if (!masked) {
            notices.accept("the model has no input '" + choice.mask()
                    + "', so the mean goes over all tokens, padding included");
            graph.addInitializer(OnnxTensors.write("head.tokens", Tensor.of(Shape.of(1), 1L)));
            NodeProto.Builder mean = node("ReduceMean", "head.vector", value);
            graph.addNode(
                    opset() < 18
                            ? mean.addAttribute(integers("axes", 1)).addAttribute(integer("keepdims", 0))
                            : mean.addInput("head.tokens").addAttribute(integer("keepdims", 0)));
            return "head.vector";
        }
        constant("head.row", 0, 1, -1);
        constant("head.flat", 0, -1);
        graph.addInitializer(OnnxTensors.write("head.least", Tensor.of(Shape.of(), 1e-9f)));
        graph.addNode(node("Cast", "head.mask", choice.mask()).addAttribute(integer("to", DataType.FLOAT_VALUE)));
        graph.addNode(node("Reshape", "head.mask_row", "head.mask", "head.row"));
        graph.addNode(node("MatMul", "head.sum_row", "head.mask_row", value));
        graph.addNode(node("Reshape", "head.sum", "head.sum_row", "head.flat"));
        if (opset() < AXES_AS_INPUT) {
            graph.addNode(node("ReduceSum", "head.tokens", "head.mask").addAttribute(integers("axes", 1)));
        } else {
            constant("head.axis", 1);
            graph.addNode(node("ReduceSum", "head.tokens", "head.mask", "head.axis"));
        }
        graph.addNode(node("Max", "head.count", "head.tokens", "head.least"));
        graph.addNode(node("Div", "head.vector", "head.sum", "head.count"));
        return "head.vector";
    }

    private long opset() {
        return file.model().getOpsetImportList().stream()
                .filter(entry ->
                        entry.getDomain().isEmpty() || entry.getDomain().equals("ai.onnx"))
                .mapToLong(OperatorSetIdProto::getVersion)
                .findFirst()
                .orElse(AXES_AS_INPUT);
    }

    private void constant(String name, long... values) {
        graph.addInitializer(OnnxTensors.write(name, Tensor.of(Shape.of(values.length), values)));
    }

    private static NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setName(output)
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static AttributeProto integers(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addInts(value)
                .build();
    }
}
