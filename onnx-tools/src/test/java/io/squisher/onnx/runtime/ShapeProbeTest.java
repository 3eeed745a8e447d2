package io.squisher.onnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.data.BoundGraph;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShapeProbeTest {
    private static final Tensor INPUT =
            Tensor.of(Shape.of(4, 3), new float[] {1, -2, 0.5f, 3, 1, -1, 0.25f, 2, -3, -0.5f, 1.5f, 4});

    @Test
    void tellsTheAxisOfExamples() {
        GraphValues values = measure(List.of(softmax(1)));
        assertTrue(values.shape("y").dims().get(0).perExample());
        assertEquals(3, values.shape("y").sizePerExample());
    }

    @Test
    void makesConstantsOfSizesThatAreFixed() {
        GraphValues values = measure(List.of(
                node("Shape", "dims", Attributes.NONE, "x"),
                node("Gather", "examples", Attributes.NONE, "dims", "first"),
                node("Gather", "features", Attributes.NONE, "dims", "second"),
                node("Concat", "shape", Attributes.NONE.with("axis", 0L), "examples", "features"),
                node("Reshape", "y", Attributes.NONE, "x", "shape")));
        assertEquals(
                List.of("dims", "examples", "shape", "y"),
                values.graph().nodes().stream().map(Node::name).toList());
        Tensor features = OnnxTensors.read(values.graph().stored("features").orElseThrow());
        assertEquals(3, features.toLongs()[0]);
    }

    @Test
    void softmaxOverTheExamplesIsRefused() {
        assertRefused(List.of(softmax(0)));
    }

    @Test
    void subtractingTheMeanOfTheExamplesIsRefused() {
        assertRefused(List.of(
                node("ReduceMean", "mean", Attributes.NONE, "x", "first"),
                node("Sub", "y", Attributes.NONE, "x", "mean")));
    }

    @Test
    void comparingExamplesWithEachOtherIsRefused() {
        assertRefused(List.of(
                node("Transpose", "turned", Attributes.NONE, "x"),
                node("MatMul", "y", Attributes.NONE, "x", "turned")));
    }

    private static void assertRefused(List<Node> nodes) {
        SquisherException refusal = assertThrows(SquisherException.class, () -> measure(nodes));
        assertTrue(refusal.getMessage().contains("'y'"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("no gradient of one example"), refusal.getMessage());
        assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    }

    private static GraphValues measure(List<Node> nodes) {
        OnnxFile model = new OnnxFile(
                Path.of("model.onnx"),
                new ModelBuilder()
                        .nodes(nodes)
                        .inputs(List.of(ModelBuilder.input("x", TensorProto.DataType.FLOAT_VALUE, -1, 3)))
                        .initializers(Map.of(
                                "first", OnnxTensors.write("first", Tensor.of(Shape.of(1), new long[] {0})),
                                "second", OnnxTensors.write("second", Tensor.of(Shape.of(1), new long[] {1}))))
                        .output("y")
                        .build());
        BoundGraph bound = BoundGraph.of(model, Examples.of("data", Map.of("x", INPUT)), Optional.empty());
        return ShapeProbe.measure(bound.graph(), bound::inputs, "y", RuntimeSettings.CPU);
    }

    private static Node softmax(int axis) {
        AttributeProto attribute = AttributeProto.newBuilder()
                .setName("axis")
                .setType(AttributeProto.AttributeType.INT)
                .setI(axis)
                .build();
        return node("Softmax", "y", Attributes.of(List.of(attribute)), "x");
    }

    private static Node node(String operator, String output, Attributes attributes, String... inputs) {
        return new Node(output, operator, "", List.of(inputs), List.of(output), attributes);
    }
}
