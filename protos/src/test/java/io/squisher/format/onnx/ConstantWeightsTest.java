package io.squisher.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConstantWeightsTest {
    private static final TensorProto MATRIX = OnnxTensors.write("", Tensor.of(Shape.of(2, 2), 1f, 2f, 3f, 4f));
    private static final TensorProto BIAS = OnnxTensors.write("", Tensor.of(Shape.of(2), 5f, 6f));
    private static final TensorProto SCALAR = OnnxTensors.write("", Tensor.of(Shape.of(), 7f));
    private static final TensorProto WIDTHS = OnnxTensors.write("", Tensor.of(Shape.of(2), 2L, -1L));

    @Test
    void becomeInitializersWithTheirBiases() {
        ModelProto lifted = ConstantWeights.lifted(model(
                constant("w", MATRIX),
                constant("b", BIAS),
                constant("half", SCALAR),
                constant("shape", WIDTHS),
                node("MatMul", "h", "x", "w"),
                node("Add", "s", "h", "b")));
        assertEquals(
                List.of("w", "b"),
                lifted.getGraph().getInitializerList().stream()
                        .map(TensorProto::getName)
                        .toList());
        assertEquals(
                List.of("half", "shape", "h", "s"),
                lifted.getGraph().getNodeList().stream()
                        .map(node -> node.getOutput(0))
                        .toList());
        assertEquals(4, OnnxTensors.read(lifted.getGraph().getInitializer(0)).toFloats()[3]);
    }

    /** A vector that data is divided by, a mask: no weights, where the matrices are initializers. */
    @Test
    void leaveModelsAloneWhoseWeightsAreInitializers() {
        ModelProto model =
                model(constant("mean", BIAS), node("Sub", "c", "x", "mean"), node("MatMul", "y", "c", "stored"));
        assertSame(model, ConstantWeights.lifted(model));
    }

    private static ModelProto model(NodeProto... nodes) {
        return ModelProto.newBuilder()
                .setGraph(GraphProto.newBuilder().addAllNode(List.of(nodes)))
                .build();
    }

    private static NodeProto node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .build();
    }

    private static NodeProto constant(String output, TensorProto value) {
        return node("Constant", output).toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(value))
                .build();
    }
}
