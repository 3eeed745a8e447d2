package io.squisher.onnx.evaluator.testdata;

import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.internal.protobuf.ByteString;
import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.Value;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.AttributeProto.AttributeType;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.TensorShapeProto;
import io.squisher.proto.onnx.TypeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * A model of one node with its inputs, for cases that the ONNX project's data lacks. Inputs are named {@code in0},
 * {@code in1}, … by position, outputs {@code out0}, ….
 */
public final class OneNodeModel {
    /** The newest IR version that ONNX Runtime reads; opset 1 of {@code com.microsoft} is its only one. */
    private static final int IR_VERSION = 10;

    private final String operator;
    private final NodeProto.Builder node;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("case");
    private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(IR_VERSION);
    private final Map<String, Value> inputs = new LinkedHashMap<>();
    private final Random random;

    private OneNodeModel(String operator, int opset) {
        int colon = operator.indexOf(':');
        this.operator = operator;
        this.random = new Random(operator.hashCode());
        this.node = NodeProto.newBuilder().setOpType(operator.substring(colon + 1));
        model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset));
        if (colon >= 0) {
            node.setDomain(operator.substring(0, colon));
            model.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain(node.getDomain()).setVersion(1));
        }
    }

    /**
     * A model without inputs yet.
     *
     * @param operator {@code domain:Name} outside the default domain
     * @param opset version of the default domain
     */
    public static OneNodeModel op(String operator, int opset) {
        return new OneNodeModel(operator, opset);
    }

    /** A list of integers for {@link #with(String, int[])}. */
    public static int[] ints(int... values) {
        return values;
    }

    /** A graph input with a value. */
    public OneNodeModel input(Value value) {
        String name = "in" + node.getInputCount();
        node.addInput(name);
        graph.addInput(ValueInfoProto.newBuilder().setName(name).setType(type(value)));
        inputs.put(name, value);
        return this;
    }

    /** A float32 graph input of standard normal numbers; which, depends on the operator and the inputs before. */
    public OneNodeModel normal(int... dims) {
        return input(normalValue(random, dims));
    }

    /** A float32 graph input of numbers in [low, high). */
    public OneNodeModel uniform(double low, double high, int... dims) {
        double[] values = new double[Dims.size(dims)];
        Arrays.setAll(values, i -> (float) (low + (high - low) * random.nextDouble()));
        return input(Value.floats(dims, values));
    }

    /** Standard normal numbers that float32 holds exactly. */
    public static Value normalValue(Random random, int... dims) {
        double[] values = new double[Dims.size(dims)];
        Arrays.setAll(values, i -> (float) random.nextGaussian());
        return Value.floats(dims, values);
    }

    /** An initializer. */
    public OneNodeModel constant(Value value) {
        String name = "in" + node.getInputCount();
        node.addInput(name);
        graph.addInitializer(OnnxTensors.write(name, value.tensor()));
        return this;
    }

    /** An optional input left out. */
    public OneNodeModel missing() {
        node.addInput("");
        return this;
    }

    public OneNodeModel with(String attribute, long value) {
        return attribute(attribute(attribute, AttributeType.INT).setI(value));
    }

    public OneNodeModel with(String attribute, double value) {
        return attribute(attribute(attribute, AttributeType.FLOAT).setF((float) value));
    }

    public OneNodeModel with(String attribute, String value) {
        return attribute(attribute(attribute, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)));
    }

    public OneNodeModel with(String attribute, int[] values) {
        AttributeProto.Builder proto = attribute(attribute, AttributeType.INTS);
        for (int value : values) {
            proto.addInts(value);
        }
        return attribute(proto);
    }

    public OneNodeModel with(String attribute, double[] values) {
        AttributeProto.Builder proto = attribute(attribute, AttributeType.FLOATS);
        for (double value : values) {
            proto.addFloats((float) value);
        }
        return attribute(proto);
    }

    public OneNodeModel with(String attribute, String[] values) {
        AttributeProto.Builder proto = attribute(attribute, AttributeType.STRINGS);
        for (String value : values) {
            proto.addStrings(ByteString.copyFromUtf8(value));
        }
        return attribute(proto);
    }

    /** The next output by position, left out. */
    public OneNodeModel noOutput() {
        node.addOutput("");
        return this;
    }

    /** Gives the node outputs up to {@code count}, those left out before included; one without a call. */
    public OneNodeModel outputs(int count) {
        for (int i = node.getOutputCount(); i < count; i++) {
            node.addOutput("out" + i);
            graph.addOutput(ValueInfoProto.newBuilder().setName("out" + i));
        }
        return this;
    }

    public ModelProto model() {
        outputs(1);
        return model.clone().setGraph(graph.clone().addNode(node)).build();
    }

    /** The graph inputs' values. */
    public Map<String, Value> inputs() {
        return Map.copyOf(inputs);
    }

    /** The operator and its attributes. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(operator);
        text.append('-').append(model.getOpsetImport(0).getVersion());
        for (AttributeProto attribute : node.getAttributeList()) {
            String value = attribute.toString().replaceAll("name: \"[^\"]*\"|type: \\w+|[a-z]+: |\\s+", " ");
            text.append(' ')
                    .append(attribute.getName())
                    .append('=')
                    .append(value.trim().replaceAll("\\s+", ","));
        }
        inputs.forEach((name, value) -> text.append(' ').append(value));
        return text.toString();
    }

    private OneNodeModel attribute(AttributeProto.Builder attribute) {
        node.addAttribute(attribute);
        return this;
    }

    private static AttributeProto.Builder attribute(String name, AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }

    private static TypeProto type(Value value) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int dim : value.dims()) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
        }
        return TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder()
                        .setElemType(OnnxElementTypes.toOnnx(value.type()))
                        .setShape(shape))
                .build();
    }
}
