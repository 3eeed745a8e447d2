package io.squisher.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.SquisherException;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactorizedWeightsTest {
    @TempDir
    Path folder;

    private static NodeProto node(String type, String name, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(name)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .build();
    }

    private static NodeProto with(NodeProto node, String attribute) {
        return node.toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName(attribute)
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1))
                .build();
    }

    private static TensorProto matrix(String name, int rows, int columns) {
        return OnnxTensors.write(name, Tensor.of(Shape.of(rows, columns), new float[rows * columns]));
    }

    private OnnxFile model(List<TensorProto> initializers, NodeProto... nodes) {
        GraphProto graph = GraphProto.newBuilder()
                .addAllNode(Arrays.asList(nodes))
                .addAllInitializer(initializers)
                .addInput(ValueInfoProto.newBuilder().setName("x"))
                .addInput(ValueInfoProto.newBuilder().setName("w"))
                .addOutput(ValueInfoProto.newBuilder().setName("y"))
                .build();
        Path path = folder.resolve("m.onnx");
        OnnxWriter.write(
                path, ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build());
        return OnnxFile.read(path);
    }

    private static FactorizedWeight ofRankOne(String name) {
        return new FactorizedWeight(name, Tensor.of(Shape.of(2, 1), 1f, 2f), Tensor.of(Shape.of(1, 3), 3f, 4f, 5f));
    }

    private ModelProto written(OnnxFile source, FactorizedWeight... weights) {
        Path target = folder.resolve("t.onnx");
        new FactorizedWeights(source, List.of(weights)).write(target, Map.of("k", "v"));
        return OnnxFile.read(target).model();
    }

    private static Map<String, TensorProto> initializers(ModelProto model) {
        return model.getGraph().getInitializerList().stream()
                .collect(Collectors.toMap(TensorProto::getName, tensor -> tensor));
    }

    private static String text(NodeProto node) {
        return node.getOpType() + " " + node.getName() + ": " + String.join(", ", node.getInputList()) + " -> "
                + String.join(", ", node.getOutputList());
    }

    @Test
    void aProductFromTheRightBecomesTwo() {
        OnnxFile source = model(List.of(matrix("w", 2, 3)), node("MatMul", "layer", "y", "x", "w"));
        ModelProto model = written(source, ofRankOne("w"));
        assertEquals(
                List.of("MatMul layer_first_product: x, w_first -> w_inner", "MatMul layer: w_inner, w_second -> y"),
                model.getGraph().getNodeList().stream()
                        .map(FactorizedWeightsTest::text)
                        .toList());
        Map<String, TensorProto> tensors = initializers(model);
        assertEquals(2, tensors.size());
        assertEquals(List.of(2L, 1L), tensors.get("w_first").getDimsList());
        assertArrayEquals(
                new float[] {3, 4, 5}, OnnxTensors.read(tensors.get("w_second")).toFloats());
        assertEquals(1, model.getGraph().getInputCount(), "what is gone is no input");
        assertEquals("v", model.getMetadataProps(0).getValue());
    }

    @Test
    void aProductFromTheLeftHasTransposedFactors() {
        OnnxFile source = model(List.of(matrix("w", 3, 2)), node("MatMul", "", "y", "w", "x"));
        ModelProto model = written(source, ofRankOne("w"));
        assertEquals(
                List.of("MatMul w_first_product: w_first, x -> w_inner", "MatMul : w_second, w_inner -> y"),
                model.getGraph().getNodeList().stream()
                        .map(FactorizedWeightsTest::text)
                        .toList());
        assertEquals(List.of(1L, 2L), initializers(model).get("w_first").getDimsList());
        assertEquals(List.of(3L, 1L), initializers(model).get("w_second").getDimsList());
    }

    @Test
    void gemmKeepsItsBiasAndItsTransposition() {
        OnnxFile source = model(
                List.of(matrix("w", 3, 2), matrix("bias", 1, 3)),
                with(node("Gemm", "layer", "y", "x", "w", "bias"), "transB"));
        assertEquals(List.of(new LinearWeight("w", 1)), LinearWeights.of(source).layers());
        ModelProto model = written(source, ofRankOne("w"));
        NodeProto second = model.getGraph().getNode(1);
        assertEquals(
                "MatMul layer_first_product: x, w_first -> w_inner",
                text(model.getGraph().getNode(0)));
        assertEquals("Gemm layer: w_inner, w_second, bias -> y", text(second));
        assertEquals("transB", second.getAttribute(0).getName());
        assertEquals(List.of(2L, 1L), initializers(model).get("w_first").getDimsList());
        assertEquals(List.of(3L, 1L), initializers(model).get("w_second").getDimsList());
    }

    @Test
    void layersThatShareAMatrixShareItsFactors() {
        OnnxFile source = model(
                List.of(matrix("w", 2, 3)),
                node("MatMul", "a", "one", "x", "w"),
                node("MatMul", "b", "two", "x", "w"),
                node("Add", "sum", "y", "one", "two"));
        ModelProto model = written(source, ofRankOne("w"));
        assertEquals(2, initializers(model).size());
        assertEquals(
                List.of("w_inner", "one", "w_inner_2", "two", "y"),
                model.getGraph().getNodeList().stream()
                        .map(node -> node.getOutput(0))
                        .toList());
    }

    @Test
    void whatIsReadElsewhereStaysWhole() {
        GraphProto branch = GraphProto.newBuilder()
                .addNode(node("Neg", "", "n", "inside"))
                .addOutput(ValueInfoProto.newBuilder().setName("n"))
                .build();
        NodeProto choice = node("If", "", "i", "c").toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("then_branch")
                        .setType(AttributeProto.AttributeType.GRAPH)
                        .setG(branch))
                .build();
        OnnxFile source = model(
                List.of(
                        matrix("table", 4, 4),
                        matrix("inside", 4, 4),
                        matrix("both", 4, 4),
                        matrix("turned", 4, 4),
                        matrix("y", 4, 4),
                        matrix("w", 4, 4),
                        matrix("alone", 4, 4)),
                node("Gather", "", "e", "table", "x"),
                node("MatMul", "", "a", "e", "table"),
                node("MatMul", "", "b", "e", "inside"),
                choice,
                node("MatMul", "", "d", "e", "both"),
                node("MatMul", "", "f", "both", "e"),
                with(node("Gemm", "", "g", "e", "turned"), "transA"),
                node("MatMul", "", "h", "e", "y"),
                node("MatMul", "", "j", "e", "w"),
                node("Relu", "", "k", "alone"));
        LinearWeights weights = LinearWeights.of(source);
        assertEquals(List.of(new LinearWeight("w", 0)), weights.layers());
        assertEquals(
                "{both=read by products from both sides, inside=read inside a branch or loop, table=read by Gather,"
                        + " y=an output of the model}",
                weights.left().toString());
        assertEquals(
                "'" + source.path() + "' has no linear layer with the matrix 'table' that nothing else reads",
                assertThrows(SquisherException.class, () -> new FactorizedWeights(source, List.of(ofRankOne("table"))))
                        .getMessage());
    }
}
