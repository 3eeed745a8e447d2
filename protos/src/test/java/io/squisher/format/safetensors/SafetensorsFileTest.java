package io.squisher.format.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    @TempDir
    Path folder;

    @Test
    void everyTypeRoundTrips() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (ElementType type : ElementType.values()) {
            ByteBuffer bytes = ByteBuffer.allocate(3 * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < 3; i++) {
                type.putDouble(bytes, i * type.bytes(), i + 1);
            }
            tensors.put("tensor." + type, Tensor.of(type, Shape.of(3, 1), bytes));
        }
        Path path = folder.resolve("all.safetensors");
        SafetensorsWriter.write(path, tensors, Map.of("format", "pt"));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(tensors.keySet(), file.tensors().keySet());
            assertEquals(Map.of("format", "pt"), file.metadata());
            tensors.forEach((name, written) -> {
                Tensor read = file.tensors().get(name);
                assertEquals(written.type(), read.type());
                assertEquals(written.shape(), read.shape());
                assertArrayEquals(new double[] {1, 2, 3}, read.toDoubles(), name);
            });
        }
    }

    @Test
    void emptyTensorsScalarsAndForeignNamesRoundTrip() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("empty", Tensor.of(Shape.of(2, 0), new float[0]));
        tensors.put("", Tensor.of(Shape.of(), 3f));
        tensors.put("schicht/größe:0 \"重み\"\n\u2028😀", Tensor.of(Shape.of(1), 4f));
        tensors.put("also empty", Tensor.of(Shape.of(0), new double[0]));
        Path path = folder.resolve("odd.safetensors");
        SafetensorsWriter.write(path, tensors, Map.of());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(tensors.keySet(), file.tensors().keySet());
            tensors.forEach((name, written) -> {
                assertEquals(written.shape(), file.tensors().get(name).shape());
                assertArrayEquals(written.toDoubles(), file.tensors().get(name).toDoubles());
            });
        }
    }

    @Test
    void aFileWithoutTensorsIsAFile() {
        Path path = folder.resolve("none.safetensors");
        SafetensorsWriter.write(path, Map.of(), Map.of());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(Map.of(), file.tensors());
        }
    }

    @Test
    void valuesAreAlignedToTheirSize() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("bytes", Tensor.of(ElementType.U8, Shape.of(3), ByteBuffer.allocate(3)));
        tensors.put("half", Tensor.of(ElementType.F16, Shape.of(1), ByteBuffer.allocate(2)));
        tensors.put("double", Tensor.of(Shape.of(1), 1.0));
        Path path = folder.resolve("aligned.safetensors");
        SafetensorsWriter.write(path, tensors, Map.of());
        long headerLength = ByteBuffer.wrap(Files.readAllBytes(path))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        assertEquals(0, headerLength % 8);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertEquals(
                    List.of("double", "half", "bytes"),
                    List.copyOf(file.tensors().keySet()));
        }
    }

    /** Bytes as the public description of the format lays them out, written by hand. */
    @Test
    void readsAHandWrittenFile() throws IOException {
        Path path = write("{\"w\":{\"dtype\":\"I16\",\"shape\":[2],\"data_offsets\":[0,4]}}   ", 1, 0, 254, 255);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertArrayEquals(new long[] {1, -2}, file.tensors().get("w").toLongs());
        }
    }

    @Test
    void refusesToWriteATensorUnderTheMetadataKey() {
        Path path = folder.resolve("reserved.safetensors");
        Exception e = assertThrows(
                SquisherException.class,
                () -> SafetensorsWriter.write(path, Map.of("__metadata__", Tensor.of(Shape.of(), 1f)), Map.of()));
        assertTrue(e.getMessage().contains("no tensor may be called __metadata__"), e.getMessage());
        assertTrue(Files.notExists(path));
    }

    @Test
    void aFailureWhileWritingLeavesTheOlderFile() throws IOException {
        Path path = Files.writeString(folder.resolve("old.safetensors"), "old");
        Tensor failing = new Tensor() {
            @Override
            public ElementType type() {
                return ElementType.F32;
            }

            @Override
            public Shape shape() {
                return Shape.of(4);
            }

            @Override
            public void readBytes(long offset, ByteBuffer target) {
                throw new SquisherException("its source went away");
            }
        };
        assertThrows(SquisherException.class, () -> SafetensorsWriter.write(path, Map.of("w", failing), Map.of()));
        assertEquals("old", Files.readString(path));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(path), files.toList());
        }
    }

    @Test
    void aMissingFileAndAFolderAreNamed() {
        Path missing = folder.resolve("missing.safetensors");
        Exception e = assertThrows(FormatException.class, () -> SafetensorsFile.open(missing));
        assertEquals("cannot read '" + missing + "': no such file", e.getMessage());
        e = assertThrows(FormatException.class, () -> SafetensorsFile.open(folder));
        assertEquals("cannot read '" + folder + "': it is a folder", e.getMessage());
    }

    private Path write(String header, int... data) throws IOException {
        return Files.write(folder.resolve("hand.safetensors"), MalformedSafetensorsTest.bytes(header, data));
    }
}
