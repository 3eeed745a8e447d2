package io.squisher.onnx.reading.stored;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.graph.TestModel;
import io.squisher.tensor.ElementType;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Float32Test {
    private static TestModel model(ElementType type) {
        return TestModel.opset(17)
                .input("x", Value.zeros(ElementType.F32, 2))
                .initializer("w", Value.zeros(type, 2))
                .node("Add", "x,w", "y")
                .outputs("y");
    }

    @Test
    void tellsOfFloat64() {
        assertEquals(
                Optional.of("the model computes in float64 ('w', for one); here all arithmetic is float32"),
                Float32.remark(model(ElementType.F64).build()));
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"F32", "F16", "BF16"})
    void isSilentOfTypesWhoseValuesAreKept(ElementType type) {
        assertEquals(Optional.empty(), Float32.remark(model(type).build()));
    }
}
