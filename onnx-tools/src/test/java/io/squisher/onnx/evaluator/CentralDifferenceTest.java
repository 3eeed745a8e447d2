package io.squisher.onnx.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CentralDifferenceTest {
    /** y = relu(x) · w with w = (3, -2), an initializer. */
    private static final ModelProto MODEL = ModelProto.newBuilder()
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
            .setGraph(GraphProto.newBuilder()
                    .addInput(ValueInfoProto.newBuilder().setName("x"))
                    .addInitializer(OnnxTensors.write("w", Tensor.of(Shape.of(2), 3f, -2f)))
                    .addNode(NodeProto.newBuilder()
                            .setOpType("Relu")
                            .addInput("x")
                            .addOutput("r"))
                    .addNode(NodeProto.newBuilder()
                            .setOpType("Mul")
                            .addInput("r")
                            .addInput("w")
                            .addOutput("y"))
                    .addOutput(ValueInfoProto.newBuilder().setName("y")))
            .build();

    private static final Map<String, Value> COTANGENT = Map.of("y", Value.floats(new int[] {2}, 10, 100));

    @Test
    void derivesInputsAndInitializers() {
        CentralDifference difference = at(1.5, 4);

        assertEquals(10 * 1.5 * 3 + 100 * 4 * -2, difference.projection(), 1e-12);
        assertEquals(30, difference.partial("x", 0).central(), 1e-8);
        assertEquals(-200, difference.partial("x", 1).central(), 1e-8);
        assertEquals(15, difference.gradient("w")[0].central(), 1e-8);
        assertEquals(400, difference.gradient("w")[1].central(), 1e-8);
    }

    @Test
    void derivesAlongADirection() {
        double slope = at(1.5, 4)
                .along(Map.of("x", new double[] {1, 2}, "w", new double[] {-1, 0}))
                .central();

        // The projection is bilinear in x and w: its slope is 1·30 + 2·(-200) - 1·15.
        assertEquals(30 - 400 - 15, slope, 1e-8);
    }

    @Test
    void showsAKinkAndItsOneSidedSlopes() {
        CentralDifference.Estimate estimate = at(0, 4).partial("x", 0);

        assertTrue(estimate.kink());
        assertEquals(0, estimate.left(), 1e-8);
        assertEquals(30, estimate.right(), 1e-8);
        assertFalse(at(1.5, 4).partial("x", 0).kink());
    }

    @Test
    void drawsTheSameProjectionFromTheSameSeed() {
        Map<String, Value> inputs = Map.of("x", Value.floats(new int[] {2}, 1, 2));

        assertEquals(
                CentralDifference.randomProjection(MODEL, inputs, 7).projection(),
                CentralDifference.randomProjection(MODEL, inputs, 7).projection());
    }

    private static CentralDifference at(double first, double second) {
        return new CentralDifference(MODEL, Map.of("x", Value.floats(new int[] {2}, first, second)), COTANGENT);
    }
}
