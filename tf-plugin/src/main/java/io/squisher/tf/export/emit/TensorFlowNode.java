package io.squisher.tf.export.emit;

import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tf.graph.Edges;
import io.squisher.tf.graph.ElementTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/** A TensorFlow operation that is being exported. Inputs and outputs are counted from 0. */
public final class TensorFlowNode {
    private final GraphOperation operation;
    private final Map<Output<?>, String> values;
    private final ConstantValues constants;
    private final OnnxEmitter emitter;

    /**
     * @param values ONNX names by TensorFlow output: those of all inputs but constants; the rule adds the operation's own
     */
    public TensorFlowNode(
            GraphOperation operation, Map<Output<?>, String> values, ConstantValues constants, OnnxEmitter emitter) {
        this.operation = operation;
        this.values = values;
        this.constants = constants;
        this.emitter = emitter;
    }

    /** The operation's type, as {@code Conv2D}. */
    public String operationType() {
        return operation.type();
    }

    /** The operation that computes an input; empty where the input is one of the model's. */
    public Optional<TensorFlowNode> producer(int input) {
        Output<?> output = operation.input(input);
        return emitter.isInput(values.get(output))
                ? Optional.empty()
                : Optional.of(new TensorFlowNode(Edges.operation(output), values, constants, emitter));
    }

    /** How many inputs the operation has. */
    public int inputs() {
        return operation.numInputs();
    }

    /** How many outputs the operation has. */
    public int outputs() {
        return operation.numOutputs();
    }

    /** The ONNX name of an input's value. */
    public String x(int input) {
        return values.computeIfAbsent(operation.input(input), this::emitConstant);
    }

    /** What is computed from constants alone is emitted when an operation needs it as a tensor. */
    private String emitConstant(Output<?> output) {
        String name = nameOf(output);
        emitter.constant(
                name, constants.of(output).orElseThrow(() -> unsupported("its input " + name + " has no value")));
        return name;
    }

    /** The names of the inputs {@code from} (inclusive) to {@code to} (exclusive). */
    public List<String> xs(int from, int to) {
        List<String> names = new ArrayList<>();
        for (int i = from; i < to; i++) {
            names.add(x(i));
        }
        return names;
    }

    /** The shape of an input as far as it is known before running; unknown dimensions are -1. */
    public Shape shape(int input) {
        return operation.input(input).shape();
    }

    /** The rank of an input. */
    public int rank(int input) {
        Shape shape = shape(input);
        if (shape.isUnknown()) {
            throw unsupported("the rank of its input " + input + " is unknown");
        }
        return shape.numDimensions();
    }

    /** The element type of an input. */
    public ElementType type(int input) {
        return ElementTypes.of(operation.input(input).dataType(), "operation '" + operation.name() + "'");
    }

    /** The element type of an output. */
    public ElementType outputType(int output) {
        return ElementTypes.of(operation.output(output).dataType(), "operation '" + operation.name() + "'");
    }

    /** The shape of an output as far as it is known. */
    public Shape outputShape(int output) {
        return operation.output(output).shape();
    }

    public boolean flag(String attribute) {
        return operation.attributes().getAttrBool(attribute);
    }

    public long integer(String attribute) {
        return operation.attributes().getAttrInt(attribute);
    }

    public long[] integers(String attribute) {
        return operation.attributes().getAttrIntList(attribute);
    }

    public float number(String attribute) {
        return operation.attributes().getAttrFloat(attribute);
    }

    public String text(String attribute) {
        return operation.attributes().getAttrString(attribute);
    }

    /** The value of an input that is computed from constants alone, as integers. */
    public Optional<long[]> constant(int input) {
        return constants.of(operation.input(input)).map(Tensor::toLongs);
    }

    /** The value of an input that must be constant. */
    public long[] requiredConstant(int input) {
        return constant(input).orElseThrow(() -> unsupported("its input " + input + " must be a constant"));
    }

    /**
     * The value that TensorFlow computes for an output when input 0 is any tensor of a shape.
     *
     * @param output an output that depends on that shape alone
     */
    public Tensor evaluated(int output, Shape shape) {
        return constants.ofShape(operation.output(output), operation.input(0), shape);
    }

    /** The name of an input's value as int64, as ONNX wants shapes and axes. */
    public String int64(int input) {
        return type(input) == ElementType.I64 ? x(input) : emit("Cast", List.of(x(input)), castTo(ElementType.I64));
    }

    /** The attribute that says which type a Cast yields. */
    public static AttributeProto castTo(ElementType type) {
        return Attributes.integer("to", OnnxElementTypes.toOnnx(type));
    }

    /** Adds a node whose result is used within this operation alone; returns its name. */
    public String emit(String type, List<String> inputs, AttributeProto... attributes) {
        String output = emitter.unique(operation.name() + "/" + type);
        emitter.node(type, output, inputs, attributes);
        return output;
    }

    /** As {@link #emit(String, List, AttributeProto...)}, without attributes. */
    public String emit(String type, String... inputs) {
        return emit(type, List.of(inputs));
    }

    /** Adds a node that picks elements along an axis; returns its name. */
    public String gather(String x, int axis, long... indices) {
        return emit("Gather", List.of(x, integers("indices", indices)), Attributes.integer("axis", axis));
    }

    /** Adds a scalar of the type of input 0, which must be floating; returns its name. */
    public String scalar(double value) {
        io.squisher.tensor.Shape shape = io.squisher.tensor.Shape.of();
        return switch (type(0)) {
            case F32 -> constant("number", Tensor.of(shape, (float) value));
            case F64 -> constant("number", Tensor.of(shape, value));
            default -> throw unsupported("it is computed in " + type(0));
        };
    }

    /** Adds a constant; returns its name. */
    public String constant(String role, Tensor value) {
        String output = emitter.unique(operation.name() + "/" + role);
        emitter.constant(output, value);
        return output;
    }

    /** Adds a vector of int64; returns its name. */
    public String integers(String role, long... value) {
        return constant(role, Tensor.of(io.squisher.tensor.Shape.of(value.length), value));
    }

    /** Adds a scalar of int64; returns its name. */
    public String int64Scalar(long value) {
        return constant("number", Tensor.of(io.squisher.tensor.Shape.of(), value));
    }

    /** Adds the node that yields output 0, and ends the operation. */
    public void result(String type, List<String> inputs, AttributeProto... attributes) {
        String output = nameOf(operation.output(0));
        emitter.node(type, output, inputs, attributes);
        values.put(operation.output(0), output);
    }

    /** Adds the node that yields all outputs. */
    public void results(String type, List<String> inputs, AttributeProto... attributes) {
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < operation.numOutputs(); i++) {
            outputs.add(nameOf(operation.output(i)));
            values.put(operation.output(i), outputs.get(i));
        }
        emitter.node(type, outputs, inputs, attributes);
    }

    /** Says that an output is the value of that name. */
    public void passes(int output, String value) {
        values.put(operation.output(output), value);
    }

    /** TensorFlow's name of an output, without ":0" for the first. */
    public static String nameOf(Output<?> output) {
        return output.index() == 0 ? output.op().name() : output.op().name() + ":" + output.index();
    }

    /** The error for a use of this operation that cannot be exported. */
    public UnsupportedOperation unsupported(String reason) {
        return new UnsupportedOperation(operation, reason);
    }
}
