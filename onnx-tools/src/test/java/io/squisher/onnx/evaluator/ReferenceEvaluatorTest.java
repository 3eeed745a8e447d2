package io.squisher.onnx.evaluator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.AttributeProto.AttributeType;
import io.squisher.proto.onnx.FunctionProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.SparseTensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceEvaluatorTest {
    private static final Map<String, Value> INPUT = Map.of("x", Value.floats(new int[] {2}, -3, 4));

    @Test
    void evaluatesAgainOnlyWhatChanged() {
        ReferenceEvaluator evaluator = new ReferenceEvaluator(
                model(node("Relu", "r", "x"), node("Neg", "n", "x"), node("Add", "y", "r", "w")));
        Map<String, Value> before = evaluator.values(INPUT);
        assertArrayEquals(new double[] {10, 24}, before.get("y").doubles());

        Map<String, Value> again = evaluator.rerun(before, Map.of("r", Value.floats(new int[] {2}, 1, 2)));

        assertArrayEquals(new double[] {11, 22}, again.get("y").doubles());
        assertArrayEquals(new double[] {10, 24}, before.get("y").doubles());
    }

    @Test
    void runsLocalFunctionsWithTheirAttributes() {
        FunctionProto leaky = FunctionProto.newBuilder()
                .setDomain("own")
                .setName("Leaky")
                .addInput("a")
                .addOutput("b")
                .addAttribute("slope")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .addNode(node("LeakyRelu", "b", "a")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("alpha")
                                .setType(AttributeType.FLOAT)
                                .setRefAttrName("slope")))
                .build();
        NodeProto.Builder call = node("Leaky", "y", "x")
                .setDomain("own")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("slope")
                        .setType(AttributeType.FLOAT)
                        .setF(0.5f));

        ModelProto model = model(call).toBuilder().addFunctions(leaky).build();

        assertArrayEquals(
                new double[] {-1.5, 4},
                ReferenceEvaluator.run(model, INPUT).get("y").doubles());
    }

    @Test
    void readsSparseInitializers() {
        SparseTensorProto sparse = SparseTensorProto.newBuilder()
                .setValues(OnnxTensors.write("s", Tensor.of(Shape.of(1), 7f)))
                .setIndices(OnnxTensors.write("", Tensor.of(Shape.of(1), 1L)))
                .addDims(2)
                .build();
        ModelProto.Builder model = model(node("Add", "y", "x", "s")).toBuilder();
        model.getGraphBuilder().addSparseInitializer(sparse);

        assertArrayEquals(
                new double[] {-3, 11},
                ReferenceEvaluator.run(model.build(), INPUT).get("y").doubles());
    }

    @Test
    void namesTheNodeThatCannotBeEvaluated() {
        ModelProto model = model(node("MatMul", "y", "x", "m").setName("layer/MatMul"));

        SquisherException failure = assertThrows(SquisherException.class, () -> ReferenceEvaluator.run(model, INPUT));

        assertEquals("MatMul 'layer/MatMul': input 'm' has no value yet", failure.getMessage());
    }

    @Test
    void tellsUnsupportedFromWrong() {
        ModelProto model = model(node("Bernoulli", "y", "x"));

        assertThrows(UnsupportedModelException.class, () -> ReferenceEvaluator.run(model, INPUT));
    }

    private static ModelProto model(NodeProto.Builder... nodes) {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .addInput(ValueInfoProto.newBuilder().setName("x"))
                .addInitializer(OnnxTensors.write("w", Tensor.of(Shape.of(2), 10f, 20f)))
                .addOutput(ValueInfoProto.newBuilder().setName("y"));
        for (NodeProto.Builder node : nodes) {
            graph.addNode(node);
        }
        return ModelProto.newBuilder()
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
    }

    private static NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }
}
