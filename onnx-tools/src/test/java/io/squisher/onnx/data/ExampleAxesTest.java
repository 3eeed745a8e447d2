package io.squisher.onnx.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.onnx.data.ExampleAxes.Place;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.proto.onnx.TensorShapeProto;
import io.squisher.proto.onnx.TypeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleAxesTest {
    private static final int FREE = -9;

    /** A declared input of sizes and names between blanks. */
    private static ValueInfoProto input(String name, String dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (String dim : dims.isEmpty() ? new String[0] : dims.split(" ")) {
            TensorShapeProto.Dimension.Builder one = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(
                    dim.equals("?")
                            ? one
                            : dim.matches("[0-9]+") ? one.setDimValue(Long.parseLong(dim)) : one.setDimParam(dim));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(DataType.FLOAT_VALUE)
                                .setShape(shape)))
                .build();
    }

    private static Shape shape(String dims) {
        String[] parts = dims.split(" ");
        long[] sizes = new long[parts.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Long.parseLong(parts[i]);
        }
        return Shape.of(sizes);
    }

    @ParameterizedTest
    @CsvSource({
        // Declared, the array, the labels, the given axis; the axes of the model and of the data.
        "N 3,         8 3,     8,   -9, 0,  0",
        "1 3,         8 3,     8,   -9, 0,  0",
        "4 3,         8 3,     8,   -9, 0,  0",
        "4,           6 4,     6,   -9, -1, 0",
        "2 4,         6 2 4,   6,   -9, -1, 0",
        "7 6 4,       6 7 4,   6,   -9, 1,  0",
        "7 6 4,       7 6 4,   6,   -9, 1,  1",
        "7 1 4,       7 6 4,   6,   -9, 1,  1",
        "7 1 4,       6 7 4,   6,   -9, 1,  0",
        "time batch 4, 7 6 4,  6,   -9, 1,  1",
        "time batch 4, 6 7 4,  6,   -9, 1,  0",
        "time batch 4, 6 6 4,  6,   -9, 1,  1",
        "batch time 4, 6 7 4,  6,   -9, 0,  0",
        "? ? 4,       6 7 4,   6,   -9, 0,  0",
        "? ? 4,       6 7 4,   6,    1, 1,  0",
        "? ? 4,       7 6 4,   6,    1, 1,  1",
        "? ? 4,       7 6 4,   6,   -2, 1,  1",
        "2 ? 128,     6 2 128, 6,   -9, 1,  0",
        "2 1 128,     6 2 128, 6,   -9, 1,  0",
        "T B 4,       7 6 4,   7 6,  1, 1,  1",
    })
    void areFound(String declared, String array, String labels, int given, int model, int data) {
        Map<String, Integer> said = given == FREE ? Map.of() : Map.of("x", given);
        Map<String, Place> places = new ExampleAxes(List.of(input("x", declared)), List.of(), said)
                .of(Map.of("x", shape(array)), Optional.of(shape(labels)))
                .orElseThrow();
        assertEquals(Map.of("x", new Place(model, data)), places);
    }

    @Test
    void shortNamesCountWhereAnOutputHasThem() {
        ValueInfoProto points = input("x", "4 n 3");
        Map<String, Shape> array = Map.of("x", shape("4 6 3"));
        Optional<Shape> labels = Optional.of(shape("4"));
        ValueInfoProto other = input("y", "N 2");
        ValueInfoProto same = input("y", "n 2");
        assertEquals(
                new Place(0, 0),
                new ExampleAxes(List.of(input("x", "T n 3")), List.of(other), Map.of())
                        .of(array, labels)
                        .orElseThrow()
                        .get("x"));
        assertEquals(
                new Place(1, 1),
                new ExampleAxes(List.of(points), List.of(same), Map.of())
                        .of(array, Optional.of(shape("6")))
                        .orElseThrow()
                        .get("x"));
    }

    @Test
    void statesGoWithTheInputsBesideThem() {
        List<ValueInfoProto> inputs =
                List.of(input("x", "batch 5 4"), input("h", "2 batch 3"), input("c", "2 batch 3"));
        Map<String, Place> places = new ExampleAxes(inputs, List.of(), Map.of())
                .of(Map.of("x", shape("6 5 4"), "h", shape("2 6 3"), "c", shape("6 2 3")), Optional.of(shape("6")))
                .orElseThrow();
        assertEquals(Map.of("x", new Place(0, 0), "h", new Place(1, 1), "c", new Place(1, 0)), places);
    }

    @Test
    void labelsMayLieAsTheInputsDo() {
        Map<String, Place> places = Map.of("x", new Place(1, 1));
        assertEquals(1, ExampleAxes.axisOfLabels(shape("7 6"), 6, places).orElseThrow());
        assertEquals(0, ExampleAxes.axisOfLabels(shape("6 7"), 6, places).orElseThrow());
        assertTrue(ExampleAxes.axisOfLabels(shape("7 8"), 6, places).isEmpty());
    }

    @Test
    void severalWaysAreRefusedWithTheOption() {
        ExampleAxes axes = new ExampleAxes(List.of(input("x", "5 ? ? 3")), List.of(), Map.of());
        String message = assertThrows(
                        SquisherException.class, () -> axes.of(Map.of("x", shape("6 5 6 3")), Optional.of(shape("6"))))
                .getMessage();
        assertTrue(message.contains("--example-axis x="), message);
    }
}
