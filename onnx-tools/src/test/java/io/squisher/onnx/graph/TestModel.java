package io.squisher.onnx.graph;

import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.reading.RaisedGraph;
import io.squisher.proto.onnx.FunctionProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small model, put together by a test: initializers and inputs with their values, nodes, outputs. */
public final class TestModel {
    private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(10);
    private final Map<String, Value> inputs = new LinkedHashMap<>();

    private TestModel() {}

    /** A model of an opset, which may use the operators of ONNX Runtime's own domain. */
    public static TestModel opset(int version) {
        TestModel test = new TestModel();
        test.model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(version));
        test.model.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1));
        return test;
    }

    public TestModel input(String name, Value value) {
        return input(name, value, Arrays.stream(value.dims()).asLongStream().toArray());
    }

    /** An input that is declared with other dimensions than the value's; a negative one is free. */
    public TestModel input(String name, Value value, long... declared) {
        model.getGraphBuilder().addInput(ModelBuilder.input(name, OnnxElementTypes.toOnnx(value.type()), declared));
        inputs.put(name, value);
        return this;
    }

    public TestModel initializer(String name, Value value) {
        model.getGraphBuilder().addInitializer(OnnxTensors.write(name, RaisedGraph.tensor(value)));
        return this;
    }

    /** Adds a node; {@code inputs} and {@code outputs} are names between commas, empty ones left out. */
    public TestModel node(String op, String inputs, String outputs) {
        return node(op, inputs, outputs, Attributes.NONE);
    }

    public TestModel node(String op, String inputs, String outputs, Attributes attributes) {
        model.getGraphBuilder().addNode(nodeProto(op, inputs, outputs, attributes));
        return this;
    }

    /** A node of {@code domain:Operator}, or of the default domain. */
    public static NodeProto nodeProto(String op, String inputs, String outputs, Attributes attributes) {
        int colon = op.indexOf(':');
        return NodeProto.newBuilder()
                .setDomain(colon < 0 ? "" : op.substring(0, colon))
                .setOpType(op.substring(colon + 1))
                .addAllInput(inputs.isEmpty() ? List.of() : List.of(inputs.split(",", -1)))
                .addAllOutput(List.of(outputs.split(",", -1)))
                .addAllAttribute(attributes.protos())
                .build();
    }

    public TestModel function(FunctionProto function) {
        model.addFunctions(function);
        model.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(function.getDomain()).setVersion(1));
        return this;
    }

    public TestModel outputs(String... names) {
        for (String name : names) {
            model.getGraphBuilder().addOutput(ValueInfoProto.newBuilder().setName(name));
        }
        return this;
    }

    public ModelProto build() {
        return model.build();
    }

    public Map<String, Value> inputs() {
        return inputs;
    }
}
