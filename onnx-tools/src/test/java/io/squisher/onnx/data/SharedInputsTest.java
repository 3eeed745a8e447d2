package io.squisher.onnx.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharedInputsTest {
    private static final Map<String, Tensor> ARRAYS = Map.of(
            "x", Tensor.of(Shape.of(3, 2), 1f, 2f, 3f, 4f, 5f, 6f),
            "scale", Tensor.of(Shape.of(1), 2.0));

    @Test
    void becomeConstantsOfTheGraphInItsType() {
        BoundGraph bound = BoundGraph.of(model(), Examples.of("data", ARRAYS, Set.of("scale")), Optional.empty());
        assertEquals(
                List.of("x"),
                bound.graph().inputs().stream().map(input -> input.getName()).toList());
        Tensor scale = OnnxTensors.read(bound.graph().constants().get("scale"));
        assertEquals("F32[1]", scale.type() + scale.shape().toString());
        assertEquals(2, scale.toFloats()[0]);
        assertEquals(3, bound.examples().count());
    }

    @Test
    void mustBeInputsAndArrays() {
        Examples examples =
                Examples.of("data", Map.of("x", ARRAYS.get("x"), "other", ARRAYS.get("scale")), Set.of("other"));
        String message = assertThrows(SquisherException.class, () -> BoundGraph.of(model(), examples, Optional.empty()))
                .getMessage();
        assertEquals(
                "the shared arrays [other] of 'data' are no inputs of the model; its inputs are [x, scale]", message);
        assertThrows(SquisherException.class, () -> Examples.of("data", ARRAYS, Set.of("missing")));
    }

    private static OnnxFile model() {
        return new OnnxFile(
                Path.of("scaled.onnx"),
                new ModelBuilder()
                        .nodes(List.of(new Node("y", "Mul", "", List.of("x", "scale"), List.of("y"), Attributes.NONE)))
                        .inputs(List.of(
                                ModelBuilder.input("x", DataType.FLOAT_VALUE, -1, 2),
                                ModelBuilder.input("scale", DataType.FLOAT_VALUE, 1)))
                        .output("y")
                        .build());
    }
}
